// A draft of the framework: every field is saved by itself, one save in flight for each, and its state stands beside
// it. Built on the queue and the page of answering (answer_queue.js, answers.js).
"use strict";

class FieldSaver extends Saver {
  constructor(field, page) {
    super(field, page);
    this.name = field.dataset.field;
    this.operation = page.form.elements.op_id.value;
    this.choice = "";
  }

  get action() {
    return this.page.form.action;
  }

  get seen() {
    return this.form.querySelector(`input[name="seen:${CSS.escape(this.name)}"]`);
  }

  compose() {
    const body = new URLSearchParams({ op_id: this.operation, page: this.page.form.elements.page.value });
    body.set(`seen:${this.name}`, this.seen.value);
    for (const value of new FormData(this.page.form).getAll(`value:${this.name}`)) body.append(`value:${this.name}`, value);
    if (this.choice) body.set(`choose:${this.name}`, this.choice);
    return body;
  }

  // Takes over the mark of what stands now. A field that was chosen of two is shown as it stands.
  saved(text) {
    this.body = null;
    this.tries = 0;
    this.hasNewToken = this.isRefused = false;
    const parts = partsOf(text);
    const mark = parts.querySelector("[data-saved]");
    this.operation = mark.dataset.op;
    this.clear();
    const chosen = parts.querySelector("[data-chosen] > [data-field]");
    if (chosen && !this.isDirty) this.replaceBy(chosen);
    else this.seen.value = mark.dataset.seen;
    this.choice = "";
    this.page.showFaults(parts);
    this.page.savedAt(new Date());
    if (this.isDirty) this.send();
  }

  refused(text) {
    this.body = null;
    this.tries = 0;
    this.isRefused = true;
    this.choice = "";
    const parts = partsOf(text);
    const said = parts.querySelector("[data-refusal]");
    const mine = parts.querySelector("[data-refused]");
    this.clear();
    this.isHeld = mine?.dataset.contested !== undefined;
    if (this.isHeld) this.form.querySelector("[data-conflict]").replaceChildren(...mine.children);
    else if (mine) this.form.querySelector("[data-error]").replaceChildren(...mine.children);
    if (said?.children.length) document.getElementById("save-notice").replaceChildren(...said.children);
    if (said?.dataset.closed !== undefined) this.page.close();
    this.markWrong();
    if (this.isDirty && !this.isHeld && !this.page.isClosed) this.send();
  }

  choose(choice) {
    this.choice = choice;
    this.isHeld = this.isRefused = false;
    this.form.querySelector("[data-conflict]").replaceChildren();
    this.edit(0);
    this.control?.focus();
  }

  get control() {
    return this.form.querySelector("textarea, select, input:not([type=hidden])");
  }

  clear() {
    this.form.querySelector("[data-error]").replaceChildren();
    this.form.querySelector("[data-conflict]").replaceChildren();
    this.markWrong();
  }

  markWrong() {
    const isWrong = this.form.querySelector("[data-error]").children.length > 0;
    this.form.classList.toggle("field-bad", isWrong);
    if (isWrong) this.control.setAttribute("aria-invalid", "true");
    else this.control.removeAttribute("aria-invalid");
  }

  replaceBy(field) {
    const hadFocus = this.form.contains(document.activeElement);
    this.form.replaceWith(field);
    this.form = field;
    if (hadFocus) this.control?.focus();
  }
}

class EditorPage extends AnswerPage {
  constructor(root, form) {
    super(root);
    this.form = form;
    document.querySelectorAll("[data-field]").forEach((field) => this.savers.set(field.dataset.field, new FieldSaver(field, this)));
  }

  saverOf(target) {
    return this.savers.get(target.closest("[data-field]")?.dataset.field);
  }

  nameOf(saver) {
    return saver.form.querySelector(".form-label, .form-check-label")?.textContent.trim() ?? "";
  }

  // What the parser says of each field, and the counts in the contents, as they stand after a save.
  showFaults(parts) {
    const said = new Map();
    parts.querySelectorAll("[data-fault-of]").forEach((part) => {
      const name = part.dataset.faultOf;
      said.set(name, [...(said.get(name) ?? []), part.textContent]);
    });
    const template = document.querySelector("template[data-fault]");
    for (const saver of this.savers.values()) {
      const faults = (said.get(saver.name) ?? []).map((words) => {
        const copy = template.content.cloneNode(true);
        copy.querySelector("span").textContent = words;
        return copy;
      });
      saver.form.querySelector("[data-faults]").replaceChildren(...faults);
    }
    document.querySelectorAll("[data-part]").forEach((part) => (part.hidden = !said.has(part.dataset.part)));
    document.querySelectorAll("[data-mark]").forEach((mark) => {
      const found = parts.querySelector(`[data-mark-of="${CSS.escape(mark.dataset.mark)}"]`);
      mark.hidden = !found;
      (mark.firstElementChild ?? mark).textContent = found?.textContent ?? "";
    });
  }
}

function startEditor(root, form) {
  const page = new EditorPage(root, form);
  const isTyped = (control) => control.matches("textarea, input[type=text]");
  document.addEventListener("change", (event) => {
    if (!isTyped(event.target)) page.saverOf(event.target)?.edit(0);
  });
  document.addEventListener("input", (event) => {
    if (isTyped(event.target)) page.saverOf(event.target)?.edit(IDLE);
  });
  document.addEventListener("focusout", (event) => {
    if (isTyped(event.target)) page.saverOf(event.target)?.send();
  });
  document.addEventListener("submit", (event) => {
    if (event.target !== form) return;
    event.preventDefault();
    const choice = event.submitter?.name.startsWith("choose:") ? event.submitter : null;
    if (choice) page.savers.get(choice.name.slice("choose:".length)).choose(choice.value);
    else page.sendAll();
  });
  guard(page);
  document.documentElement.classList.add("scripted");
}

const editing = document.querySelector("form[data-fields]");
if (editing) startEditor(document.querySelector("[data-user]"), editing);
