/* SPDX-FileCopyrightText: 2026 IKM site developers
   SPDX-License-Identifier: EUPL-1.2

   The search page. It reads the index of ikm_site/search.py (described there) and stores nothing.
   All words for readers stand in data-* attributes of search.html. */

"use strict";

(() => {
  const STEP = 10;     // results shown at once
  const LONGEST = 200; // characters of a query that are looked at

  // What a word counts by where it stands: title, other names, headings and description, text.
  const FIELDS = [10, 8, 3, 1];
  // How much a word of the index counts that is not the very word of the query.
  const SAME = 1, FORM = 0.95, BEGINNING = 0.7, WITHIN = 0.5, NEAR = 0.5;
  const ENDINGS = {
    de: /(?:innen|ungen|ung|ern|em|en|er|es|in|e|n|s)$/,
    en: /(?:ations?|ings?|ions?|ers?|ed|ies|es|s|y|e)$/,
  };

  /** The form in which words are compared; `fold` in ikm_site/search.py does the same. */
  const fold = (text) => text.toLowerCase().replaceAll("ß", "ss").normalize("NFKD")
    .replace(/\p{M}/gu, "").replace(/([aou])e/g, "$1");

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

  /** The index, with the pages of each word: Map of word to [[page, field], …]. */
  function prepare(raw) {
    const places = new Map();
    const pages = raw.pages.map(([title, href, place, description, weight, ...groups], page) => {
      groups.forEach((group, field) => {
        for (const word of group ? group.split(" ") : []) {
          if (!places.has(word)) places.set(word, []);
          places.get(word).push([page, field]);
        }
      });
      return { title, href, place, description, weight, length: groups[0].split(" ").length };
    });
    return { pages, places, stop: new Set(raw.stop.split(" ")) };
  }

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
    const found = [];
    for (const word of index.places.keys()) {
      const value = quality(word, asked, short, lang);
      if (value) found.push([word, value]);
    }
    return found;
  }

  /** Two words that a compound is made of, both known: "Bevölkerungs|entwicklung". */
  function halves(asked, index) {
    for (let at = asked.length - 4; at > 3; at -= 1) {
      const rest = asked.slice(at);
      for (const first of [asked.slice(0, at), asked.slice(0, at - 1)]) {
        const linked = first.length === at || asked[at - 1] === "s";
        if (linked && index.places.has(first) && index.places.has(rest)) return [first, rest];
      }
    }
    return undefined;
  }

  /** The longest known word that a compound begins or ends with: "Telefon|nummer". */
  function part(asked, index) {
    let best = "";
    for (const word of index.places.keys()) {
      if (word.length > 4 && word.length > best.length
        && (asked.startsWith(word) || asked.endsWith(word))) best = word;
    }
    return best;
  }

  /** The known word that was meant, if only a letter or two differ; the first is always right. */
  function meant(asked, index) {
    if (asked.length < 5) return undefined;
    const most = asked.length > 7 ? 2 : 1;
    let best, count = 0;
    for (let distance = 1; distance <= most && !best; distance += 1) {
      for (const [word, places] of index.places) {
        if (word[0] === asked[0] && word.length > 4 && places.length > count
          && near(word, asked, distance)) {
          best = word;
          count = places.length;
        }
      }
    }
    return best;
  }

  /** What each page is worth for the words of a query that answer a part of it. */
  function collect(found, index) {
    const values = new Float64Array(index.pages.length);
    // 2 where the title answers, 1 where another name of the page does.
    const titles = new Uint8Array(index.pages.length);
    for (const [word, factor] of found) {
      for (const [page, field] of index.places.get(word)) {
        values[page] = Math.max(values[page], FIELDS[field] * factor);
        if (factor >= BEGINNING * 0.8) titles[page] = Math.max(titles[page], 2 - field);
      }
    }
    const size = values.reduce((sum, value) => sum + (value > 0), 0);
    return { values, titles, size };
  }

  /** All pages that answer a query, the best first; how many have all of it; what was corrected. */
  function find(query, index, lang) {
    let asked = split(query, index);
    const corrected = new Map();
    asked = asked.flatMap((word, at) => {
      const pair = [asked[at - 1] + word, word + asked[at + 1]];
      if (answers(word, index, lang).length || pair.some((both) => index.places.has(both))) {
        return [word];
      }
      const parts = halves(word, index);
      if (parts) return parts;
      const other = meant(word, index);
      if (other) corrected.set(word, other);
      return [other ?? (part(word, index) || word)];
    });
    const parts = asked.map((word) => collect(answers(word, index, lang), index));
    // "Rhein Neckar" is also "RheinNeckar".
    const pairs = asked.slice(1).map((word, at) => {
      const both = asked[at] + word;
      return collect(index.places.has(both) ? [[both, SAME]] : [], index);
    });
    const rare = (part) => Math.log(1 + index.pages.length / (part.size || 1));
    const scored = [];
    index.pages.forEach(({ weight, length }, page) => {
      let score = 0, held = 0, titles = 2;
      parts.forEach((part, at) => {
        const options = [part, pairs[at - 1], pairs[at]].filter(Boolean);
        const most = Math.max(...options.map((one) => one.values[page] * rare(one)));
        score += most;
        held += most > 0;
        titles = Math.min(titles, Math.max(...options.map((one) => one.titles[page])));
      });
      if (!held) return;
      score *= (held / parts.length) ** 2;
      // A title that holds all the words, and little else, is what was asked for.
      if (titles === 2) score += 8 + 16 * Math.min(1, parts.length / length);
      if (titles === 1) score += 10;
      scored.push({ page, held, score: score * (1 + weight / 12) });
    });
    scored.sort((a, b) => b.score - a.score || a.page - b.page);
    const whole = scored.filter(({ held }) => held === parts.length);
    // Pages with some of the words only help where few have all of them.
    const shown = whole.length >= 3 ? whole : scored.slice(0, Math.max(STEP, whole.length));
    return { asked, corrected, found: shown.map(({ page }) => index.pages[page]),
      whole: whole.length };
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
