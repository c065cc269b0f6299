// What waits to be saved, kept in this browser as ciphertext alone: it outlives the page, the key does not.
"use strict";

const VAULT = "waiting-answers";
const VAULT_KEEP = 72 * 3600 * 1000; // milliseconds

class Vault {
  constructor() {
    this.isPossible = isStorageThere();
    this.user = "";
    this.keys = []; // the first encrypts; those of earlier secrets only decrypt
    this.database = null;
  }

  get isOpen() {
    return this.isPossible && this.keys.length > 0;
  }

  // Takes the keys of who is signed in. What is of anybody else goes unread, and so does what is too old.
  async open(user, keys, now) {
    if (!this.isPossible) return;
    const uses = ["encrypt", "decrypt"];
    try {
      this.keys = await Promise.all(keys.map((key) => crypto.subtle.importKey("raw", bytesOf(key), "AES-GCM", false, uses)));
      this.user = user;
      const rows = await this.rows();
      await this.write([], rows.filter((row) => row.user !== user || Math.abs(now - row.at) > VAULT_KEEP).map((row) => row.op));
    } catch {
      this.isPossible = false;
    }
  }

  // Keeps these entries and drops those operations, both or neither. Says whether the entries are kept.
  async write(entries, dropped) {
    if (!this.isOpen) return false;
    try {
      const rows = await Promise.all(entries.map((entry) => this.seal(entry.toJSON())));
      await this.change((store) => {
        rows.forEach((row) => store.put(row));
        dropped.forEach((op) => store.delete(op));
      });
      return true;
    } catch {
      // A full disk takes nothing more, and still gives back.
      await this.change((store) => dropped.forEach((op) => store.delete(op))).catch(() => {});
      return false;
    }
  }

  // The entries of this person, oldest first; what none of the keys opens is left out.
  async all() {
    if (!this.isOpen) return [];
    const rows = await this.rows().catch(() => []);
    const entries = await Promise.all(rows.filter((row) => row.user === this.user).map((row) => this.unseal(row)));
    return entries.filter(Boolean).sort((one, other) => one.at - other.at);
  }

  async has(op) {
    const rows = await this.rows().catch(() => []);
    return rows.some((row) => row.op === op);
  }

  // Whether anything of anybody is kept here; needs no key.
  async isUsed() {
    if (!this.isPossible) return false;
    return (await this.rows().catch(() => [])).length > 0;
  }

  async wipe() {
    await this.change((store) => store.clear()).catch(() => {});
  }

  // --- Ciphertext: an entry is sealed to its person, its assessment and its operation -----------------------------

  async seal({ op, user, about, at, ...rest }) {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const way = { name: "AES-GCM", iv, additionalData: boundTo(op, user, about) };
    const box = await crypto.subtle.encrypt(way, this.keys[0], new TextEncoder().encode(JSON.stringify(rest)));
    return { op, user, about, at, iv, box };
  }

  async unseal({ op, user, about, at, iv, box }) {
    const way = { name: "AES-GCM", iv, additionalData: boundTo(op, user, about) };
    for (const key of this.keys) {
      try {
        const text = new TextDecoder().decode(await crypto.subtle.decrypt(way, key, box));
        return { op, user, about, at, ...JSON.parse(text) };
      } catch {
        continue;
      }
    }
    return null;
  }

  // --- The browser's database ------------------------------------------------------------------------------------

  async rows() {
    const database = await this.connect();
    return settled(database.transaction("answers").objectStore("answers").getAll());
  }

  async change(deed) {
    const database = await this.connect();
    const transaction = database.transaction("answers", "readwrite", { durability: "strict" });
    deed(transaction.objectStore("answers"));
    await new Promise((resolve, reject) => {
      transaction.oncomplete = resolve;
      transaction.onabort = () => reject(transaction.error);
    });
  }

  async connect() {
    if (this.database) return this.database;
    const request = indexedDB.open(VAULT, 1);
    request.onupgradeneeded = () => request.result.createObjectStore("answers", { keyPath: "op" });
    const database = await settled(request);
    // Signing out elsewhere wipes it: the next write makes it anew.
    database.onclose = () => (this.database = null);
    database.onversionchange = () => {
      database.close();
      this.database = null;
    };
    return (this.database = database);
  }
}

// Without https there is no WebCrypto; some browsers give a private window no storage, others refuse even the question.
function isStorageThere() {
  try {
    return window.isSecureContext && Boolean(window.indexedDB && window.crypto?.subtle);
  } catch {
    return false;
  }
}

function settled(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function bytesOf(base64) {
  return Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));
}

function boundTo(op, user, about) {
  return new TextEncoder().encode(`${op} ${user} ${about}`);
}
