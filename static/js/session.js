// Who is signed in, the token of the session, what time it is there, and signing in again without leaving the page.
"use strict";

const PERHAPS_BACK = [5, 10, 20, 60]; // seconds between looks whether somebody signed in again elsewhere

class Session {
  constructor(root) {
    this.root = root;
    this.user = root.dataset.user;
    this.token = document.querySelector("input[name=csrfmiddlewaretoken]")?.value ?? "";
    this.keys = [];
    this.isOut = false;
    this.ahead = 0; // milliseconds that the clock of the server is ahead of this one, which may be wrong
    this.isTimed = false; // whether that is known
    this.whenBack = () => {};
    this.whenOther = () => {};
  }

  // The server's time, as well as this browser knows it.
  now() {
    return new Date(Date.now() + this.ahead);
  }

  // Asks who is signed in: "same", "other", "out", or "away" where nobody can tell. Takes token and keys along.
  async ask() {
    let said = null;
    try {
      const response = await fetch(this.root.dataset.session, { headers: { Accept: "application/json" }, cache: "no-store" });
      if (response.status === 401) return "out";
      if (response.ok) said = await response.json();
    } catch {
      return "away"; // no connection, or the page of somebody's network instead of ours
    }
    if (!said?.user) return "away";
    if (said.user !== this.user) return "other";
    this.token = said.token;
    this.keys = said.keys;
    this.root.innerHTML = said.words;
    this.ahead = new Date(said.now) - Date.now();
    this.isTimed = true;
    document.querySelectorAll("input[name=csrfmiddlewaretoken]").forEach((input) => (input.value = this.token));
    return "same";
  }

  // The session has ended. Looks now and then whether it was begun again in another tab.
  end() {
    if (this.isOut) return;
    this.isOut = true;
    this.looks = 0;
    this.lookLater();
  }

  lookLater() {
    clearTimeout(this.timer);
    const pause = PERHAPS_BACK[Math.min(this.looks++, PERHAPS_BACK.length - 1)];
    this.timer = setTimeout(() => this.look(), pause * 1000);
  }

  async look() {
    if (!this.isOut) return "same";
    clearTimeout(this.timer);
    const who = await this.ask();
    if (who === "same") {
      this.isOut = false;
      this.dialog?.close();
      this.whenBack();
    } else if (who === "other") this.whenOther();
    else this.lookLater();
    return who;
  }

  // --- In place ------------------------------------------------------------------------------------------------

  // The site's own form of signing in, in a dialog: its limits and its words hold here as on its page.
  async signIn() {
    const copy = this.root.querySelector("template[data-dialog=sign-in]").content.cloneNode(true);
    this.dialog?.remove();
    this.dialog = copy.querySelector("dialog");
    document.body.append(copy);
    this.dialog.addEventListener("submit", (event) => {
      if (event.target.method === "dialog") return;
      event.preventDefault();
      this.post(event.target);
    });
    this.dialog.showModal();
    await this.show(() => fetch(this.root.dataset.signIn, { cache: "no-store" }));
  }

  async post(form) {
    const button = form.querySelector("[type=submit]");
    button.disabled = true;
    await this.show(() => fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) }));
    button.disabled = false;
  }

  // Makes the request; then either the session is back, or the form of the reply takes the place of this one.
  async show(request) {
    const place = this.dialog.querySelector("[data-form]");
    let page = null;
    try {
      const response = await request();
      page = new DOMParser().parseFromString(await response.text(), "text/html");
    } catch {
      this.dialog.querySelector("[data-away]").hidden = false;
      return;
    }
    this.dialog.querySelector("[data-away]").hidden = true;
    if ((await this.look()) === "same") return;
    const form = page.querySelector("main form[method=post]");
    place.replaceChildren(...(form ? [form] : page.querySelectorAll("main p")));
    place.querySelectorAll("a").forEach((link) => (link.target = "_blank")); // this page stays
    const login = form?.querySelector("[name=login]");
    if (login) {
      login.value = this.root.dataset.email;
      login.readOnly = true; // anybody else's sign-in would drop what waits
    }
    (form?.querySelector("[data-error-summary]") ?? form?.querySelector("[type=password]"))?.focus();
  }
}
