// Saving one answer: one save in flight, the next edit after it, the same operation again until the server has
// answered for it. Only a 2xx that names our operation counts as saved.
"use strict";

const PAUSES = [1, 2, 4, 8, 15, 30]; // seconds between tries
const LONGEST_WAIT = 20000;

class Saver {
  constructor(form, page) {
    this.form = form;
    this.page = page;
    this.isDirty = false; // changed since the save in flight began
    this.body = null; // what is being sent, until the server has answered for it
    this.isSending = false;
    this.isHeld = false; // two answers: nothing is sent until one is chosen
    this.isRefused = false; // typed, and not saved
    this.tries = 0;
    this.hasNewToken = false;
  }

  get isWaiting() {
    return this.isDirty || this.body !== null;
  }

  get action() {
    return this.form.action;
  }

  // What a save posts.
  compose() {
    return bodyOf(this.form);
  }

  // Something was changed; it is sent after `wait` milliseconds, or only by a later call where that is null.
  edit(wait) {
    this.isDirty = true;
    clearTimeout(this.idle);
    if (wait !== null) this.idle = setTimeout(() => this.send(), wait);
    this.page.show(this);
  }

  async send() {
    clearTimeout(this.idle);
    if (this.isSending || this.isHeld || this.page.isSignedOut || this.page.isClosed || !this.isWaiting) return;
    clearTimeout(this.later);
    if (this.body === null) {
      this.body = this.compose();
      this.isDirty = false;
    }
    this.isSending = true;
    this.page.show(this);
    let response = null;
    let text = "";
    try {
      response = await fetch(this.action, {
        method: "POST",
        headers: { "HX-Request": "true", "X-CSRFToken": this.page.token },
        body: this.body,
        signal: AbortSignal.timeout(LONGEST_WAIT),
      });
      text = await response.text();
    } catch {
      response = null;
    }
    this.isSending = false;
    await this.settle(response, text);
    this.page.show(this);
  }

  async settle(response, text) {
    const status = response ? response.status : 0;
    if (response?.ok && response.headers.get("X-Operation") === this.body.get("op_id")) return this.saved(text);
    if (status === 401) return this.page.signOut();
    if (status === 403 && !this.hasNewToken) return this.renewToken();
    if (status === 409 || status === 422 || status === 428) return this.refused(text);
    if (status >= 400 && status < 500 && status !== 429 && status !== 408) return this.failed();
    return this.again(response);
  }

  saved(text) {
    const sent = this.body;
    this.body = null;
    this.tries = 0;
    this.hasNewToken = this.isRefused = false;
    const parts = partsOf(text);
    this.adopt(parts.querySelector("[data-hidden]"), sent);
    clearErrors(this.form);
    placeParts(parts);
    this.page.savedAt(new Date());
    if (this.isDirty) this.send();
  }

  // Takes over the new version, and what somebody else changed meanwhile. Where this person has just typed into
  // such a field, the old version stays, so that the next save shows both instead of overwriting either.
  adopt(hidden, sent) {
    const merged = [...hidden.querySelectorAll("[data-merged]")];
    const isUntouched = (input) => isSame(valueOf(this.form, input.dataset.merged), sent.get(input.dataset.merged) ?? "");
    setValue(this.form, "op_id", hidden.querySelector("[name=op_id]").value);
    if (!merged.every(isUntouched)) return;
    for (const name of ["base_version", "seen"]) setValue(this.form, name, hidden.querySelector(`[name=${name}]`).value);
    for (const input of merged) setValue(this.form, input.dataset.merged, input.value);
    if (merged.length) this.page.say("merged");
  }

  refused(text) {
    const sent = this.body;
    this.body = null;
    this.tries = 0;
    this.isRefused = true;
    const parts = partsOf(text);
    const notice = parts.querySelector("[data-notice]");
    this.isHeld = notice?.dataset.conflict !== undefined;
    this.sent = sent;
    if (notice?.dataset.submitted !== undefined) this.page.close();
    placeParts(parts);
    markErrors(this.form);
    if (this.isDirty && !this.isHeld) this.send();
  }

  // One of two answers is chosen: the page shows it, and it is saved over what stands now.
  choose(choice) {
    const contested = choice.dataset.contested.split(",");
    for (const name of VALUE_FIELDS) {
      const isUntouched = isSame(valueOf(this.form, name), this.sent.get(name) ?? "");
      if (contested.includes(name) || isUntouched) setValue(this.form, name, valueOf(choice, name));
    }
    for (const name of ["base_version", "op_id", "seen"]) setValue(this.form, name, valueOf(choice, name));
    this.isHeld = this.isRefused = false;
    clearErrors(this.form);
    (this.form.querySelector("input[name=reply]:checked") ?? this.form.querySelector("input[name=reply]")).focus();
    this.edit(0);
  }

  // The session was renewed elsewhere: take its token and send the same body again, once.
  async renewToken() {
    this.hasNewToken = true;
    if (await this.page.isSamePerson()) setTimeout(() => this.send(), 0);
    else if (!this.page.isSignedOut) this.again(null);
  }

  failed() {
    this.body = null;
    this.isRefused = true;
    this.page.say("failed");
  }

  again(response) {
    const asked = Number(response?.headers.get("Retry-After"));
    const pause = asked > 0 ? asked : PAUSES[Math.min(this.tries, PAUSES.length - 1)];
    this.tries += 1;
    this.page.say("offline");
    this.later = setTimeout(() => this.send(), pause * 1000);
  }
}
