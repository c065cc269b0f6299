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
    const isTold = this.notice() === "both"; // it names what the bar does, and more
    if (isTold) return;
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
    const both = queue.refused.find((entry) => entry.saver?.both && !left.includes(entry));
    if (session.isOut) return this.say("signed-out");
    if (this.isCutOff) return this.say("cut-off");
    if (queue.count && queue.trouble) return this.say(queue.trouble);
    if (both) return this.say("both", [], both);
    if (left.length) return this.say("left", left);
    return this.say(this.isMerged ? "merged" : "");
  }

  // Gives back what it said; the entry `both` has two answers on this page, of which one is to be chosen.
  say(what, left = [], both = null) {
    const template = this.root.querySelector(`template[data-say="${what}"]`);
    const place = template || !what ? this.noticePlace(what) : null; // the words come with the session
    if (!place) return "";
    const name = both ? nameOf(both) : "";
    const key = [what, this.queue.isAtRisk, name, ...left.map((entry) => `${entry.op} ${entry.problem}`)].join();
    if (place.dataset.said === key) return what;
    place.dataset.said = key;
    place.replaceChildren();
    if (!what) return what;
    const copy = template.content.cloneNode(true);
    copy.querySelectorAll(this.queue.isAtRisk ? "[data-kept]" : "[data-open]").forEach((part) => part.remove());
    copy.querySelector("[data-list]")?.append(...left.map((entry) => this.leftOver(entry)));
    if (both) {
      copy.querySelector("[data-name]").textContent = name;
      copy.querySelector("a").href = `#${both.saver.both.id}`;
    }
    place.append(copy);
    this.speak(what, place.querySelector("strong").textContent);
    return what;
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
    const why = whyLeft(entry);
    copy.querySelectorAll("[data-why]").forEach((word) => word.dataset.why === why || word.remove());
    copy.querySelectorAll("[data-faults]").forEach((word) => (word.textContent = entry.faults.join(" ")));
    for (const field of copy.querySelectorAll("[data-typed]")) {
      const words = [...entry.values].filter(([name, text]) => text && name.startsWith(field.dataset.typed));
      const said = field.querySelector("dd");
      const inWords = (text) => (Object.hasOwn(said.dataset, text) ? said.dataset[text] : text); // of a choice
      if (!words.length || entry.saver) field.remove();
      else said.textContent = words.map(([, text]) => inWords(text)).join("\n");
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

// Why an entry is left: which of the sentences prepared for it is true.
function whyLeft(entry) {
  if (entry.isClosed) return "closed";
  if ([400, 413].includes(entry.status)) return "too-long";
  if (entry.problem === "refused" && entry.isContested) return "contested";
  return entry.problem === "refused" && entry.faults.length ? "faulty" : entry.problem;
}

function showCounts(part, count) {
  part.querySelectorAll("[data-one]").forEach((word) => (word.hidden = count !== 1));
  part.querySelectorAll("[data-many]").forEach((word) => (word.hidden = count === 1));
  part.querySelectorAll("[data-count]").forEach((word) => (word.textContent = count));
}
