// The page of answering: watches its forms.
"use strict";

const REASON_LEAST = 10;

function lacksReason(form) {
  return valueOf(form, "reply") === "not_applicable" && [...valueOf(form, "reason").trim()].length < REASON_LEAST;
}

function start(root) {
  const { savers } = saving;
  document.querySelectorAll("form.answer").forEach((form) => savers.push(new AnswerSaver(form, saving)));
  const saverOf = (target) => savers.find((saver) => saver.form === target.closest("form.answer"));

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
    if (event.defaultPrevented || form.method === "dialog") return;
    if (form.dataset.choice) {
      event.preventDefault();
      savers.find((saver) => saver.form.dataset.question === form.dataset.choice).choose(form);
    } else if (saverOf(form)) {
      event.preventDefault();
      saverOf(form).edit(0);
    }
  });
  for (const saver of savers.filter((each) => each.isEdited)) {
    saver.controls.forEach(showCount);
    saver.edit(lacksReason(saver.form) ? null : 0);
  }
  watchKeys(root);
  document.documentElement.classList.add("scripted");
}

const answering = document.querySelector(".frame[data-user]");
if (saving && answering && document.querySelector("form.answer")) start(answering);
