// What a page edits and the queue: an edit becomes an entry, and what the server says of it comes back to the page.
// Pages derive from it: key, title, controls and body(op) say what is edited; saved, refused, takes and take put it back.
"use strict";

const IDLE = 2000; // milliseconds without a key before words are saved

class Saver {
  constructor(form, saving) {
    this.form = form;
    this.saving = saving;
    this.isHeld = false; // two values: nothing is sent until one is chosen
  }

  get queue() {
    return this.saving.queue;
  }

  // Where on its page it is.
  get place() {
    return this.form.id && `#${this.form.id}`;
  }

  // Whether something was changed before the script was there to see it.
  get isEdited() {
    return this.controls.some(isEdited);
  }

  // The newest entry of this form, which its next edit changes unless it may have reached the server.
  get latest() {
    return this.queue.entries.filter((entry) => entry.saver === this).at(-1) ?? null;
  }

  // Something was changed; it is sent after `wait` milliseconds, or only by a later call where that is null.
  edit(wait) {
    let entry = this.latest;
    const old = entry?.problem ? entry : null; // what was refused is not sent again as it was
    if (!entry || old || entry.isSent) entry = this.enter();
    if (old) this.queue.drop(old);
    entry.body = this.body(entry.op).toString();
    if (this.isHeld) entry.problem = "refused"; // kept, and not sent before one is chosen
    entry.isReady = wait === 0;
    entry.isUnfinished = wait === null;
    this.queue.keep(entry);
    clearTimeout(this.idle);
    if (wait) this.idle = setTimeout(() => this.send(), wait);
    if (wait === 0) this.queue.run();
    this.saving.changed();
  }

  enter() {
    const { session, root } = this.saving;
    const [about] = this.action.match(/[0-9a-f-]{36}/); // the assessment or the draft that it belongs to
    const bound = { op: newOperation(), user: root.dataset.user, about };
    const when = { at: session.now().getTime(), isTimed: session.isTimed };
    const shown = { page: location.pathname + this.place, title: this.title };
    const entry = new Entry({ ...bound, ...when, ...shown, key: this.key, action: this.action, body: "", saver: this });
    this.queue.add(entry);
    return entry;
  }

  send() {
    clearTimeout(this.idle);
    const entry = this.latest;
    if (!entry || entry.problem) return;
    entry.isReady = true;
    entry.isUnfinished = false;
    this.queue.run();
  }

  // After a save: the next edit goes on from what the server now holds.
  goOn() {
    const next = this.latest;
    if (!next) return;
    next.body = this.body(next.op).toString();
    this.queue.keep(next);
  }

  // After a refusal; a newer edit holds all that this one does, and in a conflict it waits like this one.
  hold(entry, isHeld) {
    this.isHeld = isHeld;
    if (this.latest !== entry) this.queue.drop(entry);
    if (isHeld) this.latest.problem = "refused";
  }

  // Whether something typed on this page waits, so that nothing older may take its place.
  get isTouched() {
    return this.queue.entries.some((entry) => entry.saver === this && !entry.isSent);
  }

  takes(entry) {
    return entry.key === this.key && !this.isTouched;
  }

  // The state beside the field, where there is a place for it.
  show() {
    const place = this.form.querySelector("[data-state]");
    const entry = this.latest;
    if (!place || (!entry && !this.wasShown)) return;
    this.wasShown = true;
    const { bar } = this.saving;
    if (!entry) bar.paint(place, "saved", bar.lastSaved);
    else if (this.isHeld) this.showWords(place, "both");
    else if (entry.problem) bar.paint(place, "failed", null);
    else if (this.queue.isStuck) this.showWords(place, "waiting");
    else if (entry.isUnfinished) this.showWords(place, "unfinished"); // the bar says more
    else bar.paint(place, "saving", null);
  }

  showWords(place, state) {
    place.className = "save you";
    place.textContent = document.querySelector(`template[data-row="${state}"]`).content.textContent;
  }
}

// Whether a control holds something else than the page came with.
function isEdited(control) {
  if (["checkbox", "radio"].includes(control.type)) return control.checked !== control.defaultChecked;
  if (control.tagName === "SELECT") return !(control.querySelector("option[selected]") ?? control.options[0]).selected;
  return control.value !== control.defaultValue;
}
