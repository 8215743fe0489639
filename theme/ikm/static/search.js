/* SPDX-FileCopyrightText: 2026 IKM site developers
   SPDX-License-Identifier: EUPL-1.2

   The search page. It reads the index of ikm_site/search.py (described there) and stores nothing.
   All words for readers stand in data-* attributes of search.html.

   Words are compared by their trigrams, groups of three letters: so a form of a word, a part of a
   compound and a slip of the pen are all more or less like the word that was typed. */

"use strict";

(() => {
  const STEP = 10;     // results shown at once
  const LONGEST = 200; // characters of a query that are looked at
  const LIKE = 0.55;   // how like words must be, from 0 to 1, to be taken for each other
  const SHORT = 5;     // trigrams; words with fewer are not found within longer words
  const FOUND = 0.5;   // how much a word must count to be called found
  const LEAST = 0.05;  // what a result must be worth in comparison with the best one
  const SLICE = 8;     // milliseconds of work before the browser may draw or hear the reader

  const sum = (numbers) => numbers.reduce((one, other) => one + other, 0);

  /** Small letters, no accents; `ä`, `ae` and `a` are the same. */
  const fold = (text) => text.toLowerCase().replaceAll("ß", "ss").normalize("NFKD")
    .replace(/[\u0300-\u036f]/g, "").replace(/([aou])e/g, "$1");

  /** The words of a text, folded, each once. */
  const split = (text) => [...new Set(fold(text).match(/[\p{L}\p{N}]+/gu))];

  /** The trigrams of a word, one a letter; two of them hold the first, which is rarely mistyped. */
  const trigrams = (word) => Array.from({ length: word.length },
    (_, at) => `  ${word}`.slice(at, at + 3));

  /** The index: its pages, and on which of them each word stands. It grows from step to step. */
  function* prepare(raw, index) {
    index.stop = new Set(split(raw.stop));
    index.text = Object.values(raw.words).join(" ");
    for (const [numbers, text] of Object.entries(raw.words)) {
      const pages = numbers.split(" ").map(Number);
      for (const word of split(text)) {
        index.places.set(word, [...index.places.get(word) ?? [], ...pages]);
      }
      yield;
    }
    for (const [title, href, place, description, weight, ...names] of raw.pages) {
      const named = [title, ...names].map(split);
      const told = [...named.flat(), ...split(`${place} ${description}`)];
      index.pages.push({ title, href, place, description, weight, named, told });
      yield;
    }
  }

  /** The words of the index that are like a word, each with how much: 1 is the same. */
  function alike(asked, index) {
    const own = trigrams(asked), found = new Map();
    const power = index.places.has(asked) ? 4 : 2; // a known word is hardly a slip of the pen
    for (const word of index.places.keys()) {
      const letters = `  ${word}`;
      const shared = own.filter((trigram) => letters.includes(trigram)).length;
      // Half for what both have in common, half for how much of the shorter the longer one has.
      const shorter = Math.max(Math.min(asked.length, word.length), SHORT);
      const value = shared / (asked.length + word.length) + shared / shorter / 2;
      if (word === asked) found.set(word, 1);
      else if (value >= LIKE && !index.stop.has(word)) found.set(word, Math.min(value, 1) ** power);
    }
    return found;
  }

  /** The word that was taken for an unknown one, as pages write it; none if one is in the other. */
  function correction(asked, found, index) {
    if (found.has(asked) || !found.size) return asked;
    // A slip of the pen hardly changes the length.
    const [, best] = [...found].map(([word, value]) =>
      [value - Math.abs(word.length - asked.length) / 20, word])
      .reduce((one, other) => (other[0] > one[0] ? other : one));
    if (best.includes(asked) || asked.includes(best)) return asked;
    // Names of files are written small and without umlauts; capitals stand first.
    return index.text.match(/[\p{L}\p{N}]+/gu).filter((word) => fold(word) === best).sort()[0];
  }

  /** All pages that answer a query, the best first; the words taken; how many have all of it. */
  function find(query, index) {
    const all = split(query.slice(0, LONGEST));
    const telling = all.filter((word) => !index.stop.has(word));
    const asked = telling.length ? telling : all;
    const likes = asked.map((word) => alike(word, index));
    const rarity = (count) => Math.log(1 + index.pages.length / (count || 0.5));
    /** For each word of the query how well a list of words answers it. */
    const answers = (words) =>
      likes.map((found) => Math.max(0, ...words.map((word) => found.get(word) ?? 0)));
    // The same for all words of a page, from the index.
    const onPages = index.pages.map(() => asked.map(() => 0));
    likes.forEach((found, at) => found.forEach((value, word) => {
      for (const page of index.places.get(word)) {
        onPages[page][at] = Math.max(onPages[page][at], value);
      }
    }));
    const rare = asked.map((_, at) => rarity(sum(onPages.map((values) => values[at]))));
    /** The part of the query that is answered, from 0 to 1; rare words are a larger part of it. */
    const part = (values) => sum(values.map((value, at) => value * rare[at])) / sum(rare);
    /** The part of a name that was asked for, by the same measure. */
    const covered = (name) => {
      const weights = name.map((word) => rarity(index.places.get(word)?.length));
      const values = name.map((word) => Math.max(0, ...likes.map((found) => found.get(word) ?? 0)));
      return sum(values.map((value, at) => value * weights[at])) / sum(weights);
    };

    const scored = index.pages.flatMap((page, at) => {
      const there = part(onPages[at]);
      if (!there) return [];
      const named = Math.max(...page.named.map((name) =>
        part(answers(name)) * (1 + covered(name)) / 2));
      const score = there * (2 * named + part(answers(page.told)) + 0.2) * (1 + page.weight / 12);
      return [{ page, score, whole: onPages[at].every((value) => value > FOUND) }];
    }).sort((one, other) => other.score - one.score);
    const found = scored.filter(({ score }) => score > scored[0].score * LEAST);
    const taken = asked.map((word, at) => correction(word, likes[at], index));
    return {
      likes,
      spelling: taken.join(" "),
      corrected: taken.some((word, at) => word !== asked[at]),
      found: found.map(({ page }) => page),
      whole: found.some(({ whole }) => whole),
    };
  }

  const root = document.getElementById("search");
  const form = root.querySelector("form");
  const input = form.elements.q;
  const [status, list, more, help] = ["status", "results", "more", "help"]
    .map((name) => document.getElementById(`search-${name}`));
  const index = { pages: [], places: new Map() };
  let found = [], likes = [], shown = 0;

  const words = (name, values = {}) =>
    root.dataset[name].replace(/\{(\w+)\}/g, (_, key) => values[key]);

  function element(name, properties, ...children) {
    const node = Object.assign(document.createElement(name), properties);
    node.append(...children);
    return node;
  }

  /** Text with the words that were found in <mark>. */
  const marked = (text) => text.split(/([\p{L}\p{N}]+)/u).map((part) =>
    (likes.some((like) => like.get(fold(part)) > FOUND) ? element("mark", {}, part) : part));

  /** Show the next results. */
  function show() {
    const items = found.slice(shown, shown + STEP).map((page) => element("li",
      { className: "entry" },
      ...(page.place ? [element("p", { className: "entry-meta" }, page.place)] : []),
      element("h2", { className: "entry-title" },
        element("a", { href: root.dataset.base + page.href }, ...marked(page.title))),
      element("p", { className: "excerpt" }, ...marked(page.description))));
    list.append(...items);
    shown += STEP;
    more.hidden = found.length <= shown;
    return items[0];
  }

  /** What was found, in a sentence or two. */
  function report({ whole, corrected, spelling }, query) {
    if (!found.length) return words("none", { query });
    const count = words(found.length === 1 ? "one" : "many", { number: found.length });
    if (corrected) return `${words("corrected", { query, spelling })} ${count}`;
    return whole ? count : `${words("some")} ${count}`;
  }

  /** Answer what stands in the field. */
  function search(submitted) {
    const query = input.value.trim();
    const address = query ? `?${new URLSearchParams({ q: query })}` : "";
    document.title = query ? `${query} – ${words("title")}` : words("title");
    // The other languages are asked the same.
    for (const link of document.querySelectorAll("a[hreflang]")) link.search = address;
    list.replaceChildren();
    found = [];
    shown = 0;
    if (!index.pages.length) {
      status.textContent = words("failed");
    } else if (!query) {
      status.textContent = submitted ? words("empty") : "";
    } else {
      const result = find(query, index);
      ({ found, likes } = result);
      status.textContent = report(result, query);
    }
    show();
    help.hidden = found.length > 0;
    // The address leads back to the same results; from a folder it cannot be changed.
    if (submitted && location.protocol !== "file:") {
      history.replaceState(null, "", location.pathname + address);
    }
  }

  let pause;
  /** Read the index, a few milliseconds at a time so that the page stays quick, and answer. */
  function arrive(submitted) {
    const end = performance.now() + SLICE;
    let { done } = steps.next();
    while (!done && performance.now() < end) ({ done } = steps.next());
    if (done) search(submitted);
    else pause = setTimeout(arrive, 0, submitted);
  }

  /** Answer at once; a reader may be faster than what the page does on arrival. */
  function answer(submitted) {
    clearTimeout(pause);
    while (!steps.next().done);
    search(submitted);
  }

  input.addEventListener("input", () => {
    clearTimeout(pause);
    pause = setTimeout(answer, 150, false);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    answer(true);
  });
  more.addEventListener("click", () => show().querySelector("a").focus());

  const asked = new URLSearchParams(location.search).get("q");
  input.value = asked ?? "";
  if (!input.value) input.focus();
  const steps = prepare(window.ikmSearch ?? { stop: "", words: {}, pages: [] }, index);
  arrive(asked !== null);
})();
