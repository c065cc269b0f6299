// The queue of saves: in the order of the edits, one at a time, each the same operation until the server has answered
// for it. Only a 2xx that names our operation counts as saved; everything else waits, or is shown as not saved.
"use strict";

const PAUSES = [1, 2, 4, 8, 15, 30]; // seconds between tries
const LONGEST_PAUSE = 300; // seconds, whatever is asked for
const SLOW = 8000; // milliseconds after which a save under way is no longer just "Saving"
const SETTLING = 1500; // milliseconds that other tabs have for a save of their own before it counts as waiting

// One save: what is posted, for whom, and how it stands; `key` names what it edits. Without a saver its page is gone.
class Entry {
  constructor(values) {
    const state = { saver: null, isReady: true, isUnfinished: false, isSent: false, isKept: false, problem: "" };
    const refusal = { isContested: false, faults: [] }; // as the server said it
    Object.assign(this, state, refusal, { isTimed: true }, values);
  }

  // What the vault keeps; an entry that comes back from there may have been sent before.
  toJSON() {
    const { op, user, about, at, key, action, page, title, body } = this;
    return { op, user, about, at, key, action, page, title, body };
  }

  get values() {
    return new URLSearchParams(this.body);
  }
}

class Queue {
  constructor(session, vault, page) {
    this.session = session;
    this.vault = vault;
    this.page = page; // is told: changed, saved, refused, signedOut, left
    this.entries = [];
    this.elsewhere = []; // kept for this person by other tabs
    this.unwritten = new Set();
    this.dropped = [];
    this.holds = new Map();
    this.trouble = ""; // "away" or "limit", while the queue pauses
    this.pausedUntil = 0;
    this.tries = 0;
    this.sending = null;
    this.isClosed = false;
    this.channel = channelTo("answers");
    this.channel?.addEventListener("message", () => this.heard());
  }

  // --- What waits ------------------------------------------------------------------------------------------------

  get waiting() {
    return this.entries.filter((entry) => !entry.problem);
  }

  get refused() {
    return this.entries.filter((entry) => entry.problem);
  }

  // Answers with something unsaved, those of other tabs included.
  get count() {
    return new Set([...this.waiting, ...this.elsewhere].map((entry) => entry.key)).size;
  }

  get isStuck() {
    return this.session.isOut || this.trouble !== "" || (this.sending && performance.now() - this.sending.since > SLOW);
  }

  // Whether leaving now could lose something.
  get isAtRisk() {
    return !this.isClosed && this.entries.some((entry) => !entry.isKept);
  }

  // --- Changes ---------------------------------------------------------------------------------------------------

  // Entries made before the server's clock was known have the time of this one, which may be wrong.
  setRight(ahead) {
    for (const entry of this.entries.filter((other) => !other.isTimed)) {
      entry.at += ahead;
      entry.isTimed = true;
    }
  }

  add(entry) {
    this.entries.push(entry);
    this.hold(entry);
    this.keep(entry);
  }

  keep(entry) {
    entry.isKept = false;
    this.unwritten.add(entry);
    this.write();
  }

  drop(entry) {
    entry.isDone = true;
    this.entries = this.entries.filter((other) => other !== entry);
    this.unwritten.delete(entry);
    this.dropped.push(entry.op);
    this.holds.get(entry)?.();
    this.holds.delete(entry);
    this.write();
  }

  // One write at a time; what changed meanwhile is in the next.
  async write() {
    if (this.isWriting) return;
    this.isWriting = true;
    await null; // all that changes now goes into one write, whole or not at all
    while (!this.isClosed && (this.unwritten.size || this.dropped.length)) {
      const entries = [...this.unwritten];
      const dropped = this.dropped.splice(0);
      this.unwritten.clear();
      const isKept = await this.vault.write(entries, dropped);
      entries.forEach((entry) => (entry.isKept = isKept && !this.unwritten.has(entry)));
      this.channel?.postMessage("changed");
    }
    this.isWriting = false;
    this.page.changed();
  }

  // Once all that changed until now is written.
  async written() {
    while (this.isWriting) await new Promise((done) => setTimeout(done, 10));
  }

  // --- Other tabs ------------------------------------------------------------------------------------------------

  // A lock says whose an entry is. It ends with its page, and the entry then goes to who waits for it.
  hold(entry) {
    const until = () => (entry.isDone ? null : new Promise((done) => this.holds.set(entry, done)));
    navigator.locks?.request(`answer ${entry.op}`, until).catch(() => {}); // refused where nothing can be kept
  }

  heard() {
    clearTimeout(this.hearing);
    this.hearing = setTimeout(() => this.lookAround(), SETTLING);
    if (this.session.isOut) this.session.look();
  }

  // Learns what other tabs keep, and asks to take it over once their pages are gone.
  async lookAround() {
    if (this.isClosed) return;
    const known = new Set(this.entries.map((entry) => entry.op));
    const before = new Set(this.elsewhere.map((entry) => entry.op));
    this.elsewhere = (await this.vault.all()).filter((values) => !known.has(values.op));
    const takings = this.elsewhere.filter((values) => !before.has(values.op)).map((values) => this.takeLater(values));
    if (!navigator.locks) await Promise.all(takings);
    this.page.changed();
    this.run();
  }

  takeLater(values) {
    if (!navigator.locks) return this.take(values, () => {});
    navigator.locks.request(`answer ${values.op}`, () => new Promise((done) => this.take(values, done)));
    return null;
  }

  async take(values, done) {
    this.elsewhere = this.elsewhere.filter((other) => other.op !== values.op);
    if (this.isClosed || !(await this.vault.has(values.op))) return done();
    const entry = new Entry({ ...values, isSent: true, isKept: true });
    this.holds.set(entry, done);
    this.entries.push(entry);
    this.entries.sort((one, other) => one.at - other.at);
    this.page.taken(entry);
    this.page.changed();
    this.run();
    return null;
  }

  // --- Sending ---------------------------------------------------------------------------------------------------

  next() {
    if (this.isClosed || this.session.isOut || performance.now() < this.pausedUntil) return null;
    const isFree = (entry) => !entry.problem && entry.isReady && !entry.saver?.isHeld;
    return this.entries.find(isFree) ?? null;
  }

  async run() {
    if (this.isRunning) return;
    this.isRunning = true;
    for (let entry = this.next(); entry; entry = this.next()) await this.send(entry);
    this.isRunning = false;
    this.page.changed();
  }

  async send(entry) {
    entry.isSent = true;
    const stop = new AbortController();
    this.sending = { entry, stop, since: performance.now() };
    const slow = setTimeout(() => this.page.changed(), SLOW + 100);
    const tooLong = setTimeout(() => stop.abort(), 60_000 + 2 * entry.body.length); // 500 bytes a second and more
    this.page.changed();
    let response = null;
    let text = "";
    try {
      response = await fetch(entry.action, {
        method: "POST",
        headers: { "HX-Request": "true", "X-CSRFToken": this.session.token, "X-Answer-Of": entry.user },
        body: entry.values,
        signal: stop.signal,
        keepalive: document.hidden && entry.body.length < 60_000, // the page may be about to close
      });
      text = await response.text();
    } catch {
      response = null;
    }
    clearTimeout(slow);
    clearTimeout(tooLong);
    await this.page.still();
    this.sending = null;
    await this.settle(entry, response, text);
  }

  async settle(entry, response, text) {
    const status = response?.status ?? 0;
    if (response?.ok && response.headers.get("X-Operation") === entry.op) return this.saved(entry, response, text);
    if (status === 401) return this.signOut();
    if (status === 403 && !entry.hasNewToken) return this.renew(entry);
    if ([409, 422, 428].includes(status)) return this.refuse(entry, "refused", text);
    if (status >= 400 && status < 500 && status !== 429 && status !== 408) return this.refuse(entry, "failed", "", status);
    return this.pause(status === 429 ? "limit" : "away", Number(response?.headers.get("Retry-After")));
  }

  saved(entry, response, text) {
    const parts = partsOf(text);
    this.resume();
    for (const next of this.entries.filter((other) => other !== entry && other.key === entry.key && !other.saver)) {
      const values = next.values;
      rebase({ get: (name) => values.get(name) ?? "", set: (name, value) => values.set(name, value) }, entry.values, parts);
      next.body = values.toString();
      this.keep(next);
    }
    this.drop(entry);
    this.page.saved(entry, parts, new Date(response.headers.get("Date")));
  }

  // Nothing was stored, and asking again would change nothing: a person must look at it.
  refuse(entry, problem, text, status = 0) {
    this.resume();
    entry.problem = problem;
    entry.status = status;
    this.page.refused(entry, partsOf(text));
  }

  signOut() {
    this.session.end();
    this.page.signedOut();
  }

  // The session was renewed elsewhere: take its token and send the same body again, once.
  async renew(entry) {
    const who = await this.session.ask();
    entry.hasNewToken = who === "same";
    if (who === "out") this.signOut();
    if (who === "other") this.page.left();
    if (who === "away") this.pause("away");
  }

  pause(trouble, asked = 0) {
    const seconds = asked > 0 ? Math.min(asked, LONGEST_PAUSE) : PAUSES[Math.min(this.tries, PAUSES.length - 1)];
    this.tries += 1;
    this.trouble = trouble;
    this.pausedUntil = performance.now() + seconds * 1000;
    clearTimeout(this.waking);
    this.waking = setTimeout(() => this.wake(), seconds * 1000);
    this.page.changed();
  }

  resume() {
    this.trouble = "";
    this.tries = 0;
    this.pausedUntil = 0;
    clearTimeout(this.waking);
  }

  // Tries again at once: the time is up, the connection is back, the page was frozen, or somebody asked for it.
  wake() {
    if (this.trouble === "limit" && performance.now() < this.pausedUntil - 100) return;
    if (this.sending && performance.now() - this.sending.since > SLOW) this.sending.stop.abort();
    this.pausedUntil = 0;
    this.run();
  }

  // No more waiting for words to end; what lacks its reason still waits for it.
  sendAll() {
    this.waiting.filter((entry) => !entry.isUnfinished).forEach((entry) => (entry.isReady = true));
    this.wake();
  }

  // Sends what waits and gives it a moment, and what cannot be sent one to be kept.
  async flush(milliseconds) {
    this.sendAll();
    const end = performance.now() + milliseconds;
    const isMoving = () => this.sending || this.next() || this.isWriting || (this.isAtRisk && this.page.isOpening);
    while (isMoving() && performance.now() < end) await new Promise((done) => setTimeout(done, 25));
  }

  close() {
    this.isClosed = true;
    clearTimeout(this.waking);
  }
}

// Brings an edit up to what the server now holds after an earlier save of the same answer: the new version, and what
// somebody else changed meanwhile. Where this person has since typed into such a field, the old version stays, so that
// the next save shows both instead of overwriting either.
function rebase(view, sent, parts) {
  const mark = parts.querySelector("[data-saved]");
  if (mark) return view.set(`seen:${mark.dataset.saved}`, mark.dataset.seen), false; // a field of a draft is all there is
  const hidden = parts.querySelector("[data-hidden]");
  const merged = [...hidden.querySelectorAll("[data-merged]")];
  if (!merged.every((input) => isSame(view.get(input.dataset.merged), sent.get(input.dataset.merged) ?? ""))) return false;
  for (const name of ["base_version", "seen"]) view.set(name, hidden.querySelector(`[name=${name}]`).value);
  for (const input of merged) view.set(input.dataset.merged, input.value);
  return merged.length > 0;
}

// To the other tabs; a browser that keeps nothing may refuse that too.
function channelTo(name) {
  try {
    return "BroadcastChannel" in window ? new BroadcastChannel(name) : null;
  } catch {
    return null;
  }
}

// A random UUID; crypto.randomUUID is for https alone.
function newOperation() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

// Line breaks are one character everywhere, as the server counts them.
function isSame(one, other) {
  return one.replaceAll("\r\n", "\n") === other.replaceAll("\r\n", "\n");
}

function partsOf(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content;
}
