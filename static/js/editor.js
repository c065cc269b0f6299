// A draft of the framework: every field is saved by itself, one save in flight for each, and its state stands beside
// it. Built on the queue and on what pages save (queue.js, saver.js).
"use strict";

class FieldSaver extends Saver {
  constructor(field, page) {
    super(field, saving);
    this.page = page;
    this.name = field.dataset.field;
    this.choice = "";
  }

  get action() {
    return new URL(this.page.form.action).pathname;
  }

  get key() {
    return `${this.action}#${this.name}`;
  }

  get place() {
    return `#${this.name}`;
  }

  get title() {
    return this.form.querySelector(".form-label, .form-check-label")?.textContent.trim() ?? this.name;
  }

  get controls() {
    return [...this.form.querySelectorAll(`[name="value:${CSS.escape(this.name)}"]`)];
  }

  get seen() {
    return this.form.querySelector(`input[name="seen:${CSS.escape(this.name)}"]`);
  }

  body(op) {
    const body = new URLSearchParams({ op_id: op, page: this.page.form.elements.page.value });
    body.set(`seen:${this.name}`, this.seen.value);
    for (const value of new FormData(this.page.form).getAll(`value:${this.name}`)) body.append(`value:${this.name}`, value);
    if (this.choice) body.set(`choose:${this.name}`, this.choice);
    return body;
  }

  // Takes over the mark of what stands now. A field that was chosen of two is shown as it stands.
  saved(entry, parts) {
    this.clear();
    const chosen = parts.querySelector("[data-chosen] > [data-field]");
    if (chosen && !this.latest) this.replaceBy(chosen);
    else this.seen.value = parts.querySelector("[data-saved]").dataset.seen;
    this.choice = "";
    this.page.showFaults(parts);
    this.goOn();
  }

  refused(entry, parts) {
    this.choice = "";
    const said = parts.querySelector("[data-refusal]");
    const mine = parts.querySelector("[data-refused]");
    this.clear();
    this.hold(entry, mine?.dataset.contested !== undefined);
    if (this.isHeld) this.form.querySelector("[data-conflict]").replaceChildren(...mine.children);
    else if (mine) this.form.querySelector("[data-error]").replaceChildren(...mine.children);
    document.getElementById("refusal").replaceChildren(...(said?.children ?? []));
    this.markWrong();
  }

  choose(choice) {
    this.choice = choice;
    this.isHeld = false;
    this.form.querySelector("[data-conflict]").replaceChildren();
    this.edit(0);
    this.control?.focus();
  }

  // The values of an entry whose page is gone.
  take(entry) {
    entry.saver = this;
    const texts = entry.values.getAll(`value:${this.name}`);
    this.seen.value = entry.values.get(`seen:${this.name}`);
    this.controls.forEach((control, place) => {
      if (control.type === "checkbox") control.checked = texts.includes(control.value);
      else control.value = texts[place] ?? "";
    });
  }

  get wrongField() {
    return ""; // the title is the field's own
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

class EditorPage {
  constructor(form) {
    this.form = form;
    this.savers = new Map();
    document.querySelectorAll("[data-field]").forEach((field) => this.savers.set(field.dataset.field, new FieldSaver(field, this)));
    saving.savers.push(...this.savers.values());
  }

  saverOf(target) {
    return this.savers.get(target.closest("[data-field]")?.dataset.field);
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

function startEditor(form) {
  const page = new EditorPage(form);
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
    else saving.queue.sendAll();
  });
  [...page.savers.values()].filter((saver) => saver.isEdited).forEach((saver) => saver.edit(0));
  document.documentElement.classList.add("scripted");
}

const editing = document.querySelector("form[data-fields]");
if (saving && editing) startEditor(editing);
