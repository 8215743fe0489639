/* SPDX-FileCopyrightText: 2026 IKM site developers
   SPDX-License-Identifier: EUPL-1.2

   The search page. It reads the index that ikm_site/search.py writes (described there) and
   stores nothing. All words for readers stand in data-* attributes of _templates/search.html.
   The index comes as scripts, because a page opened from a folder may load nothing else. */

"use strict";

(() => {
  const STEP = 10;      // results shown at once
  const LENGTH = 220;   // characters of an excerpt
  const LONGEST = 200;  // characters of a query that are looked at

  // How much a word counts by the digit of its posting: 9 title … 3 once in the text, and a
  // compound that contains it: 8 in the title, 6 in headings and facts, 2 in the text.
  const LEVELS = [0, 0, 0.6, 1, 1.3, 1.6, 2, 3, 6, 8];
  // How much a word of the index counts that is not the very word of the query.
  const SAME = 1, FORM = 0.95, BEGINNING = 0.75, WITHIN = 0.65, NEAR = 0.6, KIN = 0.5;

  const root = document.getElementById("search");
  const base = root.dataset.base;  // "../" on a page in a folder
  const form = root.querySelector("form");
  const input = form.elements.q;
  const status = document.getElementById("search-status");
  const list = document.getElementById("search-results");
  const more = document.getElementById("search-more");
  const help = document.getElementById("search-help");

  const words = (name, values = {}) =>
    root.dataset[name].replace(/\{(\w+)\}/g, (_, key) => values[key]);

  /* -- Loading ---------------------------------------------------------------------------- */

  const loads = new Map();

  /** A file of the index, which is loaded once. */
  function load(name) {
    if (!loads.has(name)) {
      loads.set(name, new Promise((resolve, reject) => {
        const ready = () => window.ikmSearch?.[name];
        if (ready()) { resolve(ready()); return; }
        const script = document.createElement("script");
        const version = window.ikmSearch?.index?.version;
        script.src = `${base}search/${name}.js${version ? `?v=${version}` : ""}`;
        script.onload = () => (ready() ? resolve(ready()) : reject(new Error(name)));
        script.onerror = () => { loads.delete(name); reject(new Error(name)); };
        document.head.append(script);
      }));
    }
    return loads.get(name);
  }

  /* -- Words ------------------------------------------------------------------------------ */

  const WORD = /\d+(?:[.,]\d+)+|[\p{L}\p{N}]+/gu;

  /** The form in which words are compared; `fold` in ikm_site/search.py does the same. */
  function fold(text) {
    return text.toLowerCase().replaceAll("ß", "ss").normalize("NFKD")
      .replace(/\p{M}/gu, "").replace(/([aou])e/g, "$1");
  }

  /** The words of a query, folded; "RheinMain" is two. */
  function split(query, stop) {
    const all = (query.slice(0, LONGEST).normalize("NFC").match(WORD) ?? [])
      .flatMap((word) => {
        const parts = word.split(/(?<=[a-zäöüß])(?=[A-ZÄÖÜ])/);
        return parts.every((part) => part.length > 1) ? parts : [word];
      })
      .map(fold);
    const telling = all.filter((word) => word.length > 1 && !stop.has(word));
    return [...new Set(telling.length ? telling : all)].slice(0, 12);
  }

  /** Whether two words differ only by endings of a list. */
  function related(one, other, endings, shortest) {
    let same = 0;
    while (same < one.length && one[same] === other[same]) same += 1;
    for (let stem = same; stem >= Math.max(shortest, same - 4); stem -= 1) {
      if (endings.has(one.slice(stem)) && endings.has(other.slice(stem))) return true;
    }
    return false;
  }

  /** Whether two words differ by at most so many letters: wrong, missing, too many, swapped. */
  function near(one, other, most) {
    if (Math.abs(one.length - other.length) > most) return false;
    let same = 0;
    while (same < one.length && one[same] === other[same]) same += 1;
    const a = one.slice(same), b = other.slice(same);
    if (!a && !b) return true;
    return most > 0 && (
      near(a.slice(1), b.slice(1), most - 1) || near(a.slice(1), b, most - 1)
      || near(a, b.slice(1), most - 1)
      || (a[0] === b[1] && a[1] === b[0] && near(a.slice(2), b.slice(2), most - 1)));
  }

  /** How well a word of the index answers a word of the query: 0 not at all, 1 the same. */
  function quality(word, asked, index) {
    if (word === asked) return SAME;
    if (related(word, asked, index.forms, 3)) return FORM;
    if (asked.length > 2 && word.startsWith(asked)) return BEGINNING;
    return related(word, asked, index.kin, 5) ? KIN : 0;
  }

  /* -- Index ------------------------------------------------------------------------------ */

  let prepared;

  function open() {
    prepared ??= load("index").then((raw) => ({
      ...raw,
      forms: new Set(["", ...raw.forms]),
      kin: new Set(["", ...raw.forms, ...raw.kin]),
      stop: new Set(raw.stop.split(" ")),
    }));
    prepared.catch(() => { prepared = undefined; });
    return prepared;
  }

  /** On a large site, load the titles and the vocabulary before anybody asks for them: so the
      first result waits for its word alone, also for one that is misspelt. */
  async function prepare() {
    const index = await open();
    if (index.titles.length || navigator.connection?.saveData) return;
    index.titles = await load("titles");
    await vocabulary(index);
  }

  /** What a word may begin with and still be a form of the one that was asked for. */
  function stem(asked, endings) {
    for (let length = 7; length > 0; length -= 1) {
      if (asked.length - length >= 4 && endings.has(asked.slice(-length))) {
        return asked.slice(0, -length);
      }
    }
    return asked;
  }

  /** The lines of the index with words that begin so, as [word, postings]. */
  async function lines(start, index) {
    const last = `${start}\uffff`;
    const wanted = index.shards.flatMap((first, number) => (
      first <= last && !(index.shards[number + 1] <= start) ? [number] : []));
    const shards = await Promise.all(wanted.map((number) => load(`words-${number}`)));
    return shards.flatMap((shard) => shard.split("\n"))
      .filter((line) => line.startsWith(start))
      .map((line) => line.split(" "));
  }

  /** Add the pages of a word to those of a term, each with what the word counts there. */
  function add(term, word, postings, factor) {
    term.words.add(word);
    term.best = Math.max(term.best, factor);
    // Letters are the distance to the next page, the digit behind them is its level.
    let page = -1, gap = 0;
    for (let at = 0; at < postings.length; at += 1) {
      const code = postings.charCodeAt(at);
      if (code > 96) { gap = gap * 26 + code - 96; continue; }
      const level = code - 48, value = LEVELS[level] * factor;
      page += gap + 1;
      gap = 0;
      if (term.values[page] < value) {
        if (!term.values[page]) term.size += 1;
        term.values[page] = value;
        term.titles[page] = level > 7 && factor > KIN;
      }
    }
  }

  async function look(term, index) {
    const start = stem(term.asked, index.kin);
    if (index.known && !index.known.some(([word]) => word.startsWith(start))) return;
    for (const [word, postings] of await lines(start, index)) {
      const factor = quality(word, term.asked, index);
      if (factor) add(term, word, postings, factor);
    }
  }

  /** All words of the index, each as it is compared and as it is spelt. */
  async function vocabulary(index) {
    const text = await load("vocabulary");
    index.known ??= text.split(" ")
      .map((word) => [fold(word.replace(/[-\u2010\u2011]/g, "")), word]);
    return index.known;
  }

  /** Words that contain what was asked for, else such as are spelt nearly so. */
  async function guess(term, index) {
    const { asked } = term;
    if (asked.length < 5) return;
    const known = await vocabulary(index);
    const close = (most) => known.filter(([word]) => near(word, asked, most));
    const halves = () => {
      const all = new Set(known.map(([word]) => word));
      for (let at = asked.length - 3; at > 2; at -= 1) {
        if (all.has(asked.slice(0, at)) && all.has(asked.slice(at))) {
          return [asked.slice(0, at), asked.slice(at)];
        }
      }
      return undefined;
    };
    let found = known.filter(([word]) => word.includes(asked));
    let factor = WITHIN;
    if (!found.length) {
      term.halves = halves();
      if (term.halves) return;
      factor = NEAR;
      found = close(1);
      if (!found.length && asked.length > 5) {
        const short = stem(asked, index.forms);
        found = known.filter(([word]) => near(stem(word, index.forms), short, 1)
          || (asked.length > 7 && near(word.slice(0, asked.length), asked, 1)));
      }
      if (!found.length && asked.length > 7) found = close(2);
    }
    found = found.slice(0, 12);
    const entries = await Promise.all(found.map(([word]) => lines(word, index)));
    let most = 0;
    for (const [at, [word, spelling]] of found.entries()) {
      for (const [entry, postings] of entries[at]) {
        const same = entry === word ? factor : quality(entry, word, index) * factor * 0.9;
        if (same) add(term, entry, postings, same);
        if (entry === word && factor === NEAR && postings.length > most) {
          most = postings.length;
          term.corrected = spelling;
        }
      }
    }
  }

  /** All pages that answer a query, the best first, and how they were found. */
  async function find(query) {
    const index = await open();
    let asked = split(query, index.stop);
    const total = index.weights.length;
    const make = (word, owners) => ({
      asked: word, owners, words: new Set(), best: 0,
      // Of each page: what the word counts there, whether it stands in the title.
      values: new Float64Array(total), titles: new Uint8Array(total), size: 0,
    });
    const build = (list) => [
      ...list.map((word, at) => make(word, [at])),
      // "Rhein Neckar" is also "RheinNeckar".
      ...list.slice(1).map((word, at) => make(list[at] + word, [at, at + 1])),
    ];
    let terms = build(asked);
    await Promise.all(terms.map((term) => look(term, index)));
    const missing = terms.filter((term, at) => at < asked.length && term.best < BEGINNING
      && !terms.some((other) => other.owners.length > 1 && other.best >= FORM
        && other.owners.includes(at)));
    await Promise.all(missing.map((term) => guess(term, index)));
    if (terms.some((term) => term.halves)) {
      asked = [...new Set(terms.slice(0, asked.length)
        .flatMap((term) => term.halves ?? [term.asked]))];
      const kept = new Map(terms.map((term) => [term.asked, term]));
      terms = build(asked).map((term) => (
        kept.get(term.asked)?.size
          ? { ...kept.get(term.asked), owners: term.owners } : term));
      await Promise.all(terms.filter((term) => !term.size)
        .map((term) => look(term, index)));
    }
    return { index, terms, ...rank(asked.length, terms, index) };
  }

  function rank(count, terms, index) {
    const rare = terms.map(({ size }) => Math.log(1 + index.weights.length / (size || 1)));
    const scored = [];
    for (let page = 0; page < index.weights.length; page += 1) {
      let score = 0, held = 0, titles = 0;
      for (let owner = 0; owner < count; owner += 1) {
        let most = 0, title = false;
        for (let at = 0; at < terms.length; at += 1) {
          const { values, titles: inTitle, owners } = terms[at];
          if (!values[page] || !owners.includes(owner)) continue;
          most = Math.max(most, values[page] * rare[at]);
          title ||= inTitle[page] > 0;
        }
        score += most;
        held += most > 0;
        titles += title;
      }
      if (!held) continue;
      score *= (held / count) ** 2;
      // A title that holds all the words, and little else, is what was asked for.
      const length = Math.max(1, parseInt(index.lengths[page], 36));
      if (titles === count) score += 10 + 20 * Math.min(1, count / length);
      scored.push({ page, held, score: score * (1 + index.weights[page] / 20) });
    }
    scored.sort((a, b) => b.score - a.score || a.page - b.page);
    const whole = scored.filter(({ held }) => held === count);
    // Pages with some of the words only help where few have all of them.
    const found = whole.length >= 3 ? whole : scored.slice(0, Math.max(STEP, whole.length));
    return { found: found.map(({ page }) => page), whole: whole.length };
  }

  /* -- Results ---------------------------------------------------------------------------- */

  function element(name, properties = {}, ...children) {
    const node = Object.assign(document.createElement(name), properties);
    node.append(...children);
    return node;
  }

  /** Text with the words that were found in <mark>. */
  function marked(text, hit) {
    const parts = [];
    let from = 0;
    for (const match of text.matchAll(WORD)) {
      if (!hit(match[0])) continue;
      parts.push(text.slice(from, match.index), element("mark", {}, match[0]));
      from = match.index + match[0].length;
    }
    return [...parts, text.slice(from)].filter((part) => part !== "");
  }

  /** Whether a word of a text is one that was looked for, and for which part of the query. */
  function hits(terms) {
    const known = new Map();
    return (text) => {
      const word = fold(text);
      if (!known.has(word)) {
        known.set(word, terms.find(({ asked, words: found, owners }) => (
          found.has(word) || (asked.length > 3 && found.size && word.includes(asked))
          || (owners.length > 1 && word.length > 3 && found.has(asked) && asked.includes(word))
          || (word.length > 3 && owners.length === 1 && asked.length > word.length
            && found.has(asked) && asked.startsWith(word) && found.size === 1))));
      }
      return known.get(word);
    };
  }

  /** The stretch of a text with the most of the words that were looked for. */
  function excerpt(text, hit) {
    const flat = text.replaceAll("\n", " · ");
    const places = [...flat.matchAll(WORD)]
      .map((match) => [match.index, hit(match[0])]).filter(([, term]) => term);
    let start = 0, most = 0;
    for (const [place] of places) {
      const inside = places.filter(([other]) => other >= place && other < place + LENGTH - 40);
      const value = new Set(inside.map(([, term]) => term)).size * 100 + inside.length;
      if (value > most) { most = value; start = place; }
    }
    // From the beginning of the sentence, or a little before.
    const before = flat.slice(Math.max(0, start - 90), start);
    const sentence = Math.max(before.lastIndexOf(". ") + 2, before.lastIndexOf(" · ") + 3);
    start -= start <= 90 ? start : before.length - (sentence > 2 ? sentence
      : before.indexOf(" ", before.length - 45) + 1);
    const end = flat.length - start <= LENGTH ? flat.length
      : flat.lastIndexOf(" ", start + LENGTH);
    const open = start > 0 && !/[.·]\s$/.test(flat.slice(0, start));
    return `${open ? "… " : ""}${flat.slice(start, end)}${end < flat.length ? " …" : ""}`;
  }

  function result([title, address, section, date], hit) {
    const link = element("a", { href: base + address }, ...marked(title, hit));
    const item = element("li", { className: "entry" });
    const place = [section, date].filter(Boolean).join(" · ");
    if (place) item.append(element("p", { className: "entry-meta" }, place));
    item.append(element("h2", { className: "entry-title" }, link));
    return item;
  }

  /** Show the next results. Titles that are not there yet come with the page. */
  async function show(search, from) {
    const hit = hits(search.terms);
    const numbers = search.found.slice(from, from + STEP);
    const { titles } = search.index;
    const file = (number) => {
      const page = load(`page-${number}`);
      page.catch(() => {});  // said where it is waited for
      return page;
    };
    if (!titles.length) numbers.forEach(file);
    if (!numbers.length) list.replaceChildren();
    const texts = [];
    for (const [at, number] of numbers.entries()) {
      const item = result(titles[number] ?? await file(number), hit);
      if (search !== current) return;
      texts.push(element("p", { className: "excerpt" }));
      item.append(texts[at]);
      // In their order, each as soon as it is there.
      if (from + at) list.append(item); else list.replaceChildren(item);
      if (from && !at) item.querySelector("a").focus();
    }
    for (const [at, number] of numbers.entries()) {
      file(number).then((page) => texts[at].replaceChildren(...marked(excerpt(page[4], hit), hit)))
        .catch(() => texts[at].remove());
    }
    more.hidden = search.found.length <= from + STEP;
    search.shown = from + numbers.length;
  }

  let current, asked = 0;

  function report(search, query) {
    const number = search.found.length;
    const corrected = search.terms.filter((term) => term.corrected);
    if (!number) return words("none", { query });
    const count = words(number === 1 ? "one" : "many", { number });
    if (corrected.length) {
      const spelling = corrected.map((term) => term.corrected).join(" ");
      return `${words("corrected", { query, spelling })} ${count}`;
    }
    return search.whole ? count : `${words("some")} ${count}`;
  }

  async function search() {
    const query = input.value.trim();
    const turn = asked += 1;
    const say = (text) => {
      status.textContent = text;
      help.hidden = Boolean(current?.found.length);
      if (!current) { list.replaceChildren(); more.hidden = true; }
    };
    document.title = query ? `${query} – ${words("title")}` : words("title");
    current = undefined;
    if (!query) { say(""); return; }
    try {
      const found = await find(query);
      if (turn !== asked) return;
      current = found;
      say(report(found, query));
      await show(found, 0);
    } catch {
      if (turn !== asked) return;
      current = undefined;
      say(words("failed"));
    }
  }

  /** The address leads back to the same results. */
  function remember() {
    const address = new URL(window.location.href);
    address.search = input.value.trim() ? new URLSearchParams({ q: input.value.trim() }) : "";
    try { window.history.replaceState(null, "", address); } catch { /* not from a folder */ }
  }

  let pause;
  input.addEventListener("input", () => {
    clearTimeout(pause);
    pause = setTimeout(search, 150);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(pause);
    remember();
    search();
  });
  more.addEventListener("click", () => {
    if (current) show(current, current.shown).catch(() => { status.textContent = words("failed"); });
  });

  input.value = new URLSearchParams(window.location.search).get("q") ?? "";
  const first = input.value ? search()
    : open().catch(() => { status.textContent = words("failed"); });
  first.then(prepare).catch(() => {});  // said where it is needed
})();
