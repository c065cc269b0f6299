// The page of answering: watches its forms, shows the state of saving, and guards the way out.
"use strict";

const IDLE = 2000; // milliseconds without a key before words are saved
const SIGN_IN_CHECK = 5000;
const LEAVE_AFTER = 4000;
const REASON_LEAST = 10;

class AnswerPage {
  constructor(root) {
    this.root = root;
    this.token = document.querySelector("input[name=csrfmiddlewaretoken]").value;
    this.isSignedOut = false;
    this.isClosed = false; // submitted meanwhile
    this.savers = new Map();
    document.querySelectorAll("form.answer").forEach((form) => this.savers.set(form.dataset.question, new Saver(form, this)));
    const saved = document.getElementById("saved-at");
    this.lastSaved = saved ? new Date(saved.dateTime) : null;
    if (this.lastSaved) this.paint(document.getElementById("save-state"), "saved", this.lastSaved);
  }

  get all() {
    return [...this.savers.values()];
  }

  get hasUnsaved() {
    return !this.isClosed && this.all.some((saver) => saver.isWaiting || saver.isRefused);
  }

  // --- What it says -------------------------------------------------------------------------------------------

  show(saver) {
    const row = saver.form.querySelector("[data-state]");
    if (row) this.showRow(row, saver);
    const waiting = this.all.filter((each) => each.isWaiting);
    const refused = this.all.find((each) => each.isRefused && !each.isWaiting);
    const isStuck = this.isSignedOut || waiting.some((each) => each.tries);
    const bar = document.getElementById("save-state");
    if (this.isClosed) this.paint(bar, "failed", null, 0);
    else if (waiting.length) this.paint(bar, isStuck ? (waiting.length === 1 ? "waiting-one" : "waiting") : "saving", null, waiting.length);
    else if (refused) this.paint(bar, "failed", null, 0, this.nameOf(refused));
    else {
      this.paint(bar, "saved", this.lastSaved);
      if (document.querySelector("#save-notice [data-try-now]")) this.say("");
    }
  }

  showRow(row, saver) {
    if (saver.isHeld) this.paintRow(row, "both");
    else if (saver.isWaiting && (saver.tries || this.isSignedOut)) this.paintRow(row, "waiting");
    else if (saver.isWaiting) this.paint(row, "saving");
    else this.paint(row, saver.isRefused ? "failed" : "saved", this.lastSaved);
  }

  // Copies one of the prepared states; a state that is shown already is left alone, so that it is not read out twice.
  paint(place, state, moment = null, count = 0, name = "") {
    const template = document.querySelector(`template[data-save="${state}"]`);
    const copy = template.content.cloneNode(true);
    copy.querySelectorAll("[data-at]").forEach((slot) => (slot.textContent = inWords(moment)));
    copy.querySelectorAll("[data-count]").forEach((slot) => (slot.textContent = count));
    if (name) copy.append(`: ${name}`);
    if (place.textContent.trim() === copy.textContent.trim()) return;
    place.className = `save ${template.dataset.class}`;
    place.replaceChildren(copy);
  }

  paintRow(row, state) {
    row.className = "save you";
    row.textContent = document.querySelector(`template[data-row="${state}"]`).content.textContent;
  }

  nameOf(saver) {
    const field = saver.form.querySelector(".field-bad .form-label") ?? noticeOf(saver.form).querySelector(".both dt");
    const title = (saver.form.querySelector("h2") ?? document.getElementById("q-title")).textContent.trim();
    return field ? `${title}, ${field.textContent}` : title;
  }

  say(what) {
    const place = document.getElementById("save-notice");
    if (place.dataset.said === what && place.children.length) return;
    place.dataset.said = what;
    place.replaceChildren(...(what ? [document.querySelector(`template[data-say="${what}"]`).content.cloneNode(true)] : []));
  }

  savedAt(moment) {
    this.lastSaved = moment;
    if (["offline", "failed"].includes(document.getElementById("save-notice").dataset.said)) this.say("");
    const announced = document.querySelector("[data-announce]");
    if (announced) document.getElementById("announcement").textContent = announced.textContent.trim();
  }

  // --- Session ------------------------------------------------------------------------------------------------

  signOut() {
    if (this.isSignedOut) return;
    this.isSignedOut = true;
    this.say("signed-out");
    this.check = setInterval(() => this.isSamePerson(), SIGN_IN_CHECK);
  }

  // Loads this page again for its token. Another person's session discards what waits, unread.
  async isSamePerson() {
    let page = null;
    try {
      const response = await fetch(location.href, { headers: { "HX-Request": "true" } });
      if (response.status === 401) return this.signOut(), false;
      if (response.ok) page = new DOMParser().parseFromString(await response.text(), "text/html");
    } catch {
      return false;
    }
    const user = page?.querySelector("[data-user]")?.dataset.user;
    if (!user) return false;
    if (user !== this.root.dataset.user) return this.discard(), false;
    this.token = page.querySelector("input[name=csrfmiddlewaretoken]").value;
    document.querySelectorAll("input[name=csrfmiddlewaretoken]").forEach((input) => (input.value = this.token));
    if (this.isSignedOut) {
      clearInterval(this.check);
      this.isSignedOut = false;
      this.say("");
      this.sendAll();
    }
    return true;
  }

  discard() {
    clearInterval(this.check);
    this.isClosed = true;
    this.savers.clear();
    location.reload();
  }

  close() {
    this.isClosed = true;
  }

  // --- Sending ------------------------------------------------------------------------------------------------

  sendAll() {
    this.all.forEach((saver) => saver.send());
  }

  // Sends what waits and gives it a moment, before the page is left.
  async flush() {
    this.sendAll();
    const end = Date.now() + LEAVE_AFTER;
    while (this.all.some((saver) => saver.isWaiting && !saver.isHeld && !saver.tries) && Date.now() < end) {
      if (this.isSignedOut) return;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }
}

// "14:02" today, "9 November" before.
function inWords(moment) {
  if (!moment) return "";
  const isToday = moment.toDateString() === new Date().toDateString();
  const form = isToday ? { hour: "2-digit", minute: "2-digit" } : { day: "numeric", month: "long" };
  return new Intl.DateTimeFormat(document.documentElement.lang, form).format(moment);
}

// Sends what waits before the page is left by a link or by another form, and warns where that cannot be.
function guard(page) {
  document.addEventListener("submit", async (event) => {
    if (event.defaultPrevented || !page.hasUnsaved) return;
    event.preventDefault();
    await page.flush();
    event.target.submit();
  });
  document.addEventListener("click", async (event) => {
    if (event.target.closest("[data-try-now]")) return page.sendAll();
    const link = event.target.closest("a[href]");
    const isOurs = link && !link.target && link.origin === location.origin && link.href.split("#")[0] !== location.href.split("#")[0];
    if (!isOurs || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey || !page.hasUnsaved) return;
    event.preventDefault();
    await page.flush();
    location.assign(link.href);
  });
  window.addEventListener("beforeunload", (event) => {
    if (page.hasUnsaved) event.preventDefault();
  });
  window.addEventListener("online", () => page.sendAll());
  window.addEventListener("focus", () => page.isSignedOut && page.isSamePerson());
  document.addEventListener("visibilitychange", () => document.hidden && page.sendAll());
}

function start(root) {
  const page = new AnswerPage(root);
  const saverOf = (target) => page.savers.get(target.closest("form.answer")?.dataset.question);
  const lacksReason = (form) =>
    valueOf(form, "reply") === "not_applicable" && [...valueOf(form, "reason").trim()].length < REASON_LEAST;

  document.addEventListener("change", (event) => {
    const saver = saverOf(event.target);
    if (!saver || event.target.tagName === "TEXTAREA") return;
    const needsReason = event.target.value === "not_applicable" && lacksReason(saver.form);
    saver.edit(needsReason ? null : 0);
    if (needsReason) controlsOf(saver.form, "reason")[0].focus();
  });
  document.addEventListener("input", (event) => {
    const saver = saverOf(event.target);
    if (!saver || event.target.tagName !== "TEXTAREA") return;
    showCount(event.target);
    saver.edit(event.target.name === "reason" && lacksReason(saver.form) ? null : IDLE);
  });
  document.addEventListener("focusout", (event) => {
    if (event.target.tagName === "TEXTAREA") saverOf(event.target)?.send();
  });
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.dataset.choice) {
      event.preventDefault();
      page.savers.get(form.dataset.choice).choose(form);
    } else if (form.classList.contains("answer")) {
      event.preventDefault();
      saverOf(form).edit(0);
    }
  });
  guard(page);
  watchKeys(root);
  document.documentElement.classList.add("scripted");
}

const answering = document.querySelector("[data-user]");
if (answering && document.querySelector("form.answer")) start(answering);
