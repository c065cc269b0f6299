// The form of one answer, as something that is saved.
"use strict";

class AnswerSaver extends Saver {
  constructor(form, saving) {
    super(form, saving);
    this.aside = ""; // what was given up in favour of somebody else's value
  }

  get action() {
    return new URL(this.form.action).pathname;
  }

  get key() {
    return this.action;
  }

  get title() {
    return (this.form.querySelector("h2") ?? document.getElementById("q-title")).textContent.trim();
  }

  get controls() {
    return VALUE_FIELDS.flatMap((name) => controlsOf(this.form, name));
  }

  body(op) {
    return bodyOf(this.form, op, this.aside);
  }

  // What the grade makes of the level is of the answer as it was saved; while another waits it would be wrong.
  show() {
    super.show();
    const effect = document.getElementById(`effect-${this.form.dataset.question}`);
    const entry = this.latest;
    const waits = entry && (this.queue.isStuck || entry.isUnfinished || (entry.problem && !this.isHeld));
    if (effect) effect.hidden = Boolean(waits);
  }

  saved(entry, parts) {
    const view = { get: (name) => valueOf(this.form, name), set: (name, value) => setValue(this.form, name, value) };
    this.saving.bar.isMerged = rebase(view, entry.values, parts);
    this.aside = "";
    clearErrors(this.form);
    placeParts(parts);
    this.goOn();
  }

  refused(entry, parts) {
    this.sent = entry.values;
    this.hold(entry, parts.querySelector("[data-conflict]") !== null);
    placeParts(parts);
    markErrors(this.form);
    if (this.both) this.bringUp();
  }

  // The two answers, while one of them is to be chosen.
  get both() {
    return noticeOf(this.form)?.querySelector(".conflict") ?? null;
  }

  // They come into view, and have the focus where nothing else of the answers has it. Who types, or is at another
  // answer, is left there: the notice has a link.
  bringUp() {
    const at = document.activeElement;
    const form = at?.closest("form.answer");
    if (at?.matches(TYPING) || (form && form !== this.form)) return;
    if (!form) this.both.focus({ preventScroll: true });
    this.both.scrollIntoView({ block: "nearest" });
  }

  // One of two answers is chosen: the page shows it, and it is saved over what stands now. What was typed on
  // meanwhile belongs to one's own.
  choose(choice) {
    const theirs = valueOf(choice, "aside") ? choice.dataset.contested.split(",") : [];
    for (const name of VALUE_FIELDS) {
      const isUntouched = isSame(valueOf(this.form, name), this.sent.get(name) ?? "");
      if (theirs.includes(name) || isUntouched) setValue(this.form, name, valueOf(choice, name));
    }
    for (const name of ["base_version", "seen"]) setValue(this.form, name, valueOf(choice, name));
    this.aside = valueOf(choice, "aside");
    this.isHeld = false;
    clearErrors(this.form);
    (this.form.querySelector("input[name=reply]:checked") ?? this.form.querySelector("input[name=reply]")).focus();
    this.edit(0);
  }

  // Only the same kind of page holds the same fields.
  takes(entry) {
    return super.takes(entry) && entry.values.get("page") === valueOf(this.form, "page");
  }

  take(entry) {
    entry.saver = this;
    const values = entry.values;
    for (const name of [...VALUE_FIELDS, "base_version", "seen"]) {
      if (values.has(name) || name === "flagged") setValue(this.form, name, values.get(name) ?? "");
    }
  }

  // The label of the field that a refused save complains of, if it names one.
  get wrongField() {
    const field = this.form.querySelector(".field-bad .form-label") ?? noticeOf(this.form)?.querySelector(".both dt");
    return field?.textContent.trim() ?? "";
  }
}
