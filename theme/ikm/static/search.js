/* SPDX-FileCopyrightText: 2026 IKM site developers
   SPDX-License-Identifier: EUPL-1.2

   The search page. It reads the index of ikm_site/search.py (described there) and stores nothing.
   All words for readers stand in data-* attributes of search.html. */

"use strict";

(() => {
  const STEP = 10;     // results shown at once
  const LONGEST = 200; // characters of a query that are looked at

  // What a word counts by where it stands: title, other names, headings and description, text.
  const FIELDS = [10, 10, 4, 1];
  // How much a word of the index counts that is not the very word of the query.
  const SAME = 1, FORM = 0.95, BEGINNING = 0.7, WITHIN = 0.5;
  const ENDINGS = {
    de: /(?:innen|ungen|ung|ern|em|en|er|es|in|e|n|s)$/,
    en: /(?:ations?|ings?|ions?|ers?|ed|ies|es|s|y|e)$/,
  };

  /** The form in which words are compared; `fold` in ikm_site/search.py does the same. */
  const fold = (text) => text.toLowerCase().replaceAll("ß", "ss").normalize("NFKD")
    .replace(/\p{M}/gu, "").replace(/([aou])e/g, "$1");

  const sum = (numbers) => numbers.reduce((one, other) => one + other, 0);

  /** A word without its ending, if enough is left. */
  function stem(word, lang) {
    const short = word.replace(ENDINGS[lang] ?? ENDINGS.en, "");
    return short.length >= 4 ? short : word;
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

  /** The index: its pages, and for each word the pages and fields in which it stands. */
  function prepare(raw) {
    const places = new Map(), stop = new Set(raw.stop.split(" "));
    const pages = raw.pages.map(([title, href, place, description, weight, ...fields], page) => {
      const texts = fields.map((field) => field.split(" ").filter(Boolean));
      texts.forEach((words, field) => words.forEach((word) => {
        if (!places.has(word)) places.set(word, []);
        places.get(word).push([page, field]);
      }));
      return { title, href, place, description, weight, words: texts[0].filter((word) => !stop.has(word)) };
    });
    return { pages, places, stop };
  }

  /** How much it says that something is on so many of the pages. */
  const rarity = (count, index) => Math.log(1 + index.pages.length / (count || 1));

  /** The words of a query, folded; of several, those that say something. */
  function split(query, index) {
    const all = (query.slice(0, LONGEST).normalize("NFC").match(/[\p{L}\p{N}]+/gu) ?? [])
      .flatMap((word) => {
        const parts = word.split(/(?<=[a-zäöüß])(?=[A-ZÄÖÜ])/);
        return parts.every((part) => part.length > 2) ? parts : [word];
      }).map(fold);
    const telling = all.filter((word) => word.length > 1 && !index.stop.has(word));
    return [...new Set(telling.length ? telling : all)].slice(0, 10);
  }

  /** How well a word of the index answers a word of the query: 0 not at all, 1 the same. */
  function quality(word, asked, short, lang) {
    if (word === asked) return SAME;
    const other = stem(word, lang);
    if (other === short || other === asked || word === short) return FORM;
    if (asked.length > 2 && word.startsWith(asked)) return BEGINNING;
    if (short.length > 4 && word.startsWith(short)) return BEGINNING * 0.8;
    return asked.length > 3 && word.includes(short.length > 4 ? short : asked) ? WITHIN : 0;
  }

  /** The words of the index that answer a word of the query, each with how well. */
  function answers(asked, index, lang) {
    const short = stem(asked, lang);
    return [...index.places.keys()].map((word) => [word, quality(word, asked, short, lang)])
      .filter(([, value]) => value);
  }

  /** The known word that was meant, if only a letter or two differ; the first is always right. */
  function meant(asked, index) {
    if (asked.length < 5) return undefined;
    const known = [...index.places.keys()]
      .filter((word) => word[0] === asked[0] && word.length > 4)
      .sort((a, b) => index.places.get(b).length - index.places.get(a).length);
    return known.find((word) => near(word, asked, 1))
      ?? (asked.length > 7 ? known.find((word) => near(word, asked, 2)) : undefined);
  }

  /** What to look for in the place of an unknown word: parts of a compound, or another spelling. */
  function instead(asked, index, corrected) {
    const known = [...index.places.keys()].sort((a, b) => b.length - a.length);
    const head = known.find((word) => word.length > 3 && asked.startsWith(word)) ?? "";
    const tail = known.find((word) => word.length > 3 && asked.endsWith(word)) ?? "";
    // "Bevölkerung|s|entwicklung"
    if (head && tail && head.length + tail.length >= asked.length - 1) return [head, tail];
    const other = meant(asked, index);
    if (other) corrected.set(asked, other);
    return [other ?? [head, tail, asked].find((word) => word.length > 4) ?? asked];
  }

  /** The pages that answer a word of the query: how well, and which by a title or another name. */
  function collect(found, index) {
    const values = new Map(), named = new Set();
    for (const [word, factor] of found) {
      for (const [page, field] of index.places.get(word)) {
        values.set(page, Math.max(values.get(page) ?? 0, FIELDS[field] * factor));
        if (factor >= BEGINNING * 0.8 && field < 2) named.add(page);
      }
    }
    return { values, named, rare: rarity(values.size, index) };
  }

  /** All pages that answer a query, the best first; how many have all of it; what was corrected. */
  function find(query, index, lang) {
    const corrected = new Map();
    const typed = split(query, index);
    // "Rhein Neckar" is also "RheinNeckar".
    const joined = (words, at) => [words[at - 1] + words[at], words[at] + words[at + 1]]
      .filter((both) => index.places.has(both)).map((both) => [both, SAME]);
    const asked = typed.flatMap((word, at) =>
      (answers(word, index, lang).length || joined(typed, at).length
        ? [word] : instead(word, index, corrected)));
    const found = asked.map((word, at) => [...answers(word, index, lang), ...joined(asked, at)]);
    const parts = found.map((words) => collect(words, index));
    const matched = new Set(found.flat().filter(([, factor]) => factor >= BEGINNING * 0.8)
      .map(([word]) => word));
    const weigh = (words) => sum(words.map((word) => rarity(index.places.get(word).length, index)));
    const whole = sum(parts.map((part) => part.rare));
    const named = (page) => sum(parts.filter((part) => part.named.has(page))
      .map((part) => part.rare)) / whole;
    const scored = index.pages.map(({ weight, words }, page) => {
      const held = parts.filter((part) => part.values.has(page)).length;
      if (!held) return { held };
      const values = parts.map((part) => [part.values.get(page) ?? 0, part.rare]);
      let score = sum(values.map(([value, rare]) => value * rare));
      // Pages with all the words are better than pages with much of one.
      score *= (sum(values.map(([value, rare]) => Math.sqrt(value / 10) * rare)) / whole) ** 2;
      // A title that holds all that was asked for, and little else, is what is looked for.
      const covered = weigh(words.filter((word) => matched.has(word))) / weigh(words);
      score += named(page) ** 4 * (10 + 8 * covered);
      return { page, held, score: score * (1 + weight / 12) * (held === parts.length ? 1.6 : 1) };
    }).filter(({ held }) => held);
    scored.sort((a, b) => b.score - a.score || a.page - b.page);
    const complete = scored.filter(({ held }) => held === parts.length);
    // Pages with some of the words help where few have all of them, or where they are better.
    const shown = complete.length < 3 ? scored.slice(0, Math.max(STEP, complete.length))
      : scored.filter(({ held, score }) => held === parts.length || score > scored[0].score / 2);
    return { asked, corrected, found: shown.map(({ page }) => index.pages[page]),
      whole: complete.length };
  }

  if (typeof document === "undefined") {
    globalThis.ikmFind = (query, raw, lang) => find(query, prepare(raw), lang);
    return;
  }

  const root = document.getElementById("search");
  const lang = document.documentElement.lang;
  const form = root.querySelector("form");
  const input = form.elements.q;
  const [status, list, more, help] = ["status", "results", "more", "help"]
    .map((name) => document.getElementById(`search-${name}`));
  const words = (name, values = {}) =>
    root.dataset[name].replace(/\{(\w+)\}/g, (_, key) => values[key]);
  const index = window.ikmSearch && prepare(window.ikmSearch);
  let shown = 0, current = [];

  function element(name, properties = {}, ...children) {
    const node = Object.assign(document.createElement(name), properties);
    node.append(...children);
    return node;
  }

  /** Text with the words that were found in <mark>. */
  function marked(text, asked) {
    const parts = [];
    let from = 0;
    for (const match of text.matchAll(/[\p{L}\p{N}]+/gu)) {
      const word = fold(match[0]);
      if (!asked.some((one) => word.length > 2 && (quality(word, one, stem(one, lang), lang)
        || (word.length > 3 && one.startsWith(word))))) continue;
      parts.push(text.slice(from, match.index), element("mark", {}, match[0]));
      from = match.index + match[0].length;
    }
    return [...parts, text.slice(from)].filter((part) => part !== "");
  }

  function show(asked, focus = false) {
    for (const page of current.slice(shown, shown + STEP)) {
      const link = element("a", { href: root.dataset.base + page.href }, ...marked(page.title, asked));
      const item = element("li", { className: "entry" });
      if (page.place) item.append(element("p", { className: "entry-meta" }, page.place));
      item.append(
        element("h2", { className: "entry-title" }, link),
        element("p", { className: "excerpt" }, ...marked(page.description, asked)),
      );
      list.append(item);
      if (focus) { link.focus(); focus = false; }
    }
    shown += STEP;
    more.hidden = current.length <= shown;
    more.onclick = () => show(asked, true);
  }

  /** What was found, in a sentence. */
  function report({ found, whole, corrected, asked }, query) {
    if (!found.length) return words("none", { query });
    const count = words(found.length === 1 ? "one" : "many", { number: found.length });
    if (corrected.size) {
      return `${words("corrected", { query, spelling: asked.join(" ") })} ${count}`;
    }
    return whole ? count : `${words("some")} ${count}`;
  }

  function search(submitted) {
    const query = input.value.trim();
    document.title = query ? `${query} – ${words("title")}` : words("title");
    // The other languages are asked the same.
    for (const link of document.querySelectorAll("a[hreflang]")) {
      link.search = query ? new URLSearchParams({ q: query }) : "";
    }
    list.replaceChildren();
    shown = 0;
    current = [];
    more.hidden = true;
    if (!index) {
      status.textContent = words("failed");
    } else if (!query) {
      status.textContent = submitted ? words("empty") : "";
    } else {
      const result = find(query, index, lang);
      current = result.found;
      status.textContent = report(result, query);
      show(result.asked);
    }
    help.hidden = current.length > 0;
  }

  let pause;
  input.addEventListener("input", () => {
    clearTimeout(pause);
    pause = setTimeout(search, 150);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(pause);
    const address = new URL(window.location.href);
    address.search = input.value.trim() ? new URLSearchParams({ q: input.value.trim() }) : "";
    // The address leads back to the same results; from a folder it cannot be changed.
    try { window.history.replaceState(null, "", address); } catch { /* opened as a file */ }
    search(true);
  });

  const asked = new URLSearchParams(window.location.search).get("q");
  input.value = asked ?? "";
  search(asked !== null);
  if (!input.value) input.focus();
})();
