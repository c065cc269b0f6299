// What the page says about saving: the state in its bar, notices at its head, and a few words for screen readers.
"use strict";

const SAY_AGAIN = 30_000; // milliseconds before the same state is read out with another count

class SaveBar {
  constructor(root, session, queue) {
    this.root = root;
    this.session = session;
    this.queue = queue;
    const saved = document.getElementById("saved-at");
    this.lastSaved = saved ? new Date(saved.dateTime) : null;
    this.isMerged = false; // somebody else's change has just come into the page
    this.isCutOff = false; // a page was asked for and there is no connection
    this.spoken = { state: "", text: "", at: -SAY_AGAIN };
  }

  get state() {
    const { queue } = this;
    if (queue.count && (queue.isStuck || queue.elsewhere.length)) return "waiting";
    if (queue.waiting.length) return queue.waiting.every((entry) => entry.isUnfinished) ? "unfinished" : "saving";
    if (queue.refused.length) return "failed";
    return this.lastSaved ? "saved" : "";
  }

  show() {
    const { state, queue } = this;
    const name = state === "failed" ? nameOf(queue.refused[0]) : "";
    if (state && document.querySelector("template[data-save]")) this.paint(this.place(), state, this.lastSaved, name);
    this.notice();
    if (["waiting", "unfinished", "failed"].includes(state) || (state === "saved" && this.spoken.state)) {
      this.speak(state, this.place().textContent);
    }
  }

  // The place in the bar; pages that save nothing themselves have none until something waits.
  place() {
    const bar = document.getElementById("save-state");
    if (bar) return bar;
    const made = document.createElement("span");
    made.id = "save-state";
    document.querySelector(".bar .end").prepend(made);
    return made;
  }

  // Copies one of the prepared states; one that is shown already is left alone.
  paint(place, state, moment, name = "") {
    const template = templateOf(state);
    const copy = this.wordsOf(template, moment);
    if (name) copy.append(`: ${name}`);
    if (place.textContent.trim() === copy.textContent.trim()) return;
    place.className = `save ${template.dataset.class}`;
    place.replaceChildren(copy);
  }

  wordsOf(template, moment) {
    const copy = template.content.cloneNode(true);
    copy.querySelectorAll("[data-at]").forEach((slot) => (slot.textContent = this.inWords(moment)));
    showCounts(copy, this.queue.count);
    copy.querySelectorAll("[hidden]").forEach((word) => word.remove());
    return copy;
  }

  // "14:02" today, "9 November" before: by the server's clock, in the browser's zone.
  inWords(moment) {
    const isToday = moment?.toDateString() === this.session.now().toDateString();
    const form = isToday ? { hour: "2-digit", minute: "2-digit" } : { day: "numeric", month: "long" };
    return moment ? new Intl.DateTimeFormat(document.documentElement.lang, form).format(moment) : "";
  }

  // Says that this page stays because no other can be opened; false where the words for it never came.
  stay() {
    this.isCutOff = this.root.querySelector("template[data-say=cut-off]") !== null;
    this.show();
    return this.isCutOff;
  }

  // The service answers again.
  reached() {
    this.isCutOff = false;
    this.show();
  }

  // --- Notices ---------------------------------------------------------------------------------------------------

  notice() {
    const { queue, session } = this;
    const left = queue.refused.filter((entry) => !entry.saver || entry.problem === "failed" || entry.isClosed);
    if (session.isOut) this.say("signed-out");
    else if (this.isCutOff) this.say("cut-off");
    else if (queue.count && queue.trouble) this.say(queue.trouble);
    else if (left.length) this.say("left", left);
    else this.say(this.isMerged ? "merged" : "");
  }

  say(what, left = []) {
    const template = this.root.querySelector(`template[data-say="${what}"]`);
    const place = template || !what ? this.noticePlace(what) : null; // the words come with the session
    const key = [what, this.queue.isAtRisk, ...left.map((entry) => `${entry.op} ${entry.problem}`)].join();
    if (!place || place.dataset.said === key) return;
    place.dataset.said = key;
    place.replaceChildren();
    if (!what) return;
    const copy = template.content.cloneNode(true);
    copy.querySelectorAll(this.queue.isAtRisk ? "[data-kept]" : "[data-open]").forEach((part) => part.remove());
    copy.querySelector("[data-list]")?.append(...left.map((entry) => this.leftOver(entry)));
    place.append(copy);
    this.speak(what, place.querySelector("strong").textContent);
  }

  noticePlace(what) {
    const place = document.getElementById("save-notice");
    if (place || !what) return place;
    const made = document.createElement("div");
    made.id = "save-notice";
    made.className = "save-notice";
    document.getElementById("main").prepend(made);
    return made;
  }

  // An entry that the server will not take: which question, why, what was typed, and a way to let it go.
  leftOver(entry) {
    const copy = this.root.querySelector("template[data-left]").content.cloneNode(true);
    const link = copy.querySelector("a");
    link.textContent = entry.title;
    link.href = entry.page;
    const why = entry.isClosed ? "closed" : [400, 413].includes(entry.status) ? "too-long" : entry.problem;
    copy.querySelectorAll("[data-why]").forEach((word) => word.dataset.why === why || word.remove());
    for (const field of copy.querySelectorAll("[data-typed]")) {
      const words = [...entry.values].filter(([name, text]) => text && name.startsWith(field.dataset.typed));
      if (!words.length || entry.saver) field.remove();
      else field.querySelector("dd").textContent = words.map(([, text]) => text).join("\n");
    }
    copy.querySelector("[data-discard]").addEventListener("click", () => this.discard(entry));
    return copy;
  }

  // A form that still showed what was let go would look saved.
  async discard(entry) {
    this.queue.drop(entry);
    await this.queue.written();
    if (entry.saver) location.reload();
    this.show();
  }

  // --- Screen readers: each state once, a further count now and then ---------------------------------------------

  speak(state, text) {
    const isNew = state !== this.spoken.state;
    const isDue = text !== this.spoken.text && performance.now() - this.spoken.at > SAY_AGAIN;
    if (!isNew && !isDue) return;
    this.spoken = { state, text, at: performance.now() };
    this.announce(text);
  }

  // That something was saved, and what it moved; where it moved nothing, now and then is enough.
  speakSaved(moved) {
    const said = templateOf("saved") ? this.wordsOf(templateOf("saved"), this.lastSaved).textContent : "";
    if (!moved) return this.speak("saved", said);
    this.spoken = { state: "saved", text: said, at: performance.now() };
    return this.announce(`${moved} ${said}`);
  }

  announce(text) {
    document.getElementById("announcement").textContent = text.trim().replace(/\s+/g, " ");
  }
}

function templateOf(state) {
  return document.querySelector(`template[data-save="${state}"]`);
}

// "Data inventory, Comment": where a refused save asks for something.
function nameOf(entry) {
  const field = entry.saver?.wrongField;
  return field ? `${entry.title}, ${field}` : entry.title;
}

function showCounts(part, count) {
  part.querySelectorAll("[data-one]").forEach((word) => (word.hidden = count !== 1));
  part.querySelectorAll("[data-many]").forEach((word) => (word.hidden = count === 1));
  part.querySelectorAll("[data-count]").forEach((word) => (word.textContent = count));
}
