// The form of one answer: its values, its counts of characters, and the parts of a reply put into the page.
"use strict";

const VALUE_FIELDS = ["reply", "reason", "grade", "evidence_note", "comment", "flagged"];

// What a save posts; the token goes in a header, so that a resend with a newer token has the same body.
function bodyOf(form, op, aside = "") {
  const body = new URLSearchParams(new FormData(form));
  body.delete("csrfmiddlewaretoken");
  body.set("op_id", op);
  if (aside) body.set("aside", aside);
  return body.toString();
}

function controlsOf(form, name) {
  return [...form.elements].filter((control) => control.name === name);
}

function valueOf(form, name) {
  return new FormData(form).get(name) ?? "";
}

function setValue(form, name, value) {
  for (const control of controlsOf(form, name)) {
    if (control.type === "radio") control.checked = control.value === value;
    else if (control.type === "checkbox") control.checked = value !== "";
    else control.value = value;
    showCount(control);
  }
}

// Code points, as the limit is meant: an accent or a sign beyond the basic plane is one.
function showCount(control) {
  const count = control.id && document.querySelector(`[data-count-of="${CSS.escape(control.id)}"]`);
  if (!count) return;
  const length = [...control.value].length;
  count.textContent = length.toLocaleString("en-GB");
  count.parentElement.classList.toggle("over", length > 4000);
}

// Puts each part of a reply in the place of the element with the same id. The focus stays where it was.
function placeParts(parts) {
  for (const part of [...parts.children]) {
    const old = part.id && document.getElementById(part.id);
    if (!old || part.dataset.hidden) continue;
    const places = [...old.querySelectorAll("a, button, summary")];
    const focused = places.indexOf(document.activeElement);
    old.replaceWith(part);
    if (focused >= 0) part.querySelectorAll("a, button, summary")[focused]?.focus();
  }
}

function noticeOf(form) {
  return document.getElementById(`notice-${form.dataset.question}`);
}

// Marks the fields that a refused save complains of, and unmarks the others.
function markErrors(form) {
  for (const slot of form.querySelectorAll("[data-error]")) {
    const name = slot.id.slice(form.dataset.question.length + 1, -"_error".length);
    const isWrong = slot.textContent.trim() !== "";
    slot.closest("[data-field]")?.classList.toggle("field-bad", isWrong);
    for (const control of controlsOf(form, name)) {
      if (isWrong) control.setAttribute("aria-invalid", "true");
      else control.removeAttribute("aria-invalid");
    }
  }
}

function clearErrors(form) {
  form.querySelectorAll("[data-error]").forEach((slot) => slot.replaceChildren());
  noticeOf(form).replaceChildren();
  markErrors(form);
}
