// What the tests ask of a page, as `checks.NAME(…)`. The browser has it in each page.
globalThis.checks = {
  // Opens pages in frames beside each other, in a third of the time that a tab for each takes.
  // Gives pages that must be scrolled sideways at 320 pixels and targets below 24 pixels
  // (WCAG 2.5.8), but for links within a text.
  async visit(names) {
    const frames = names.map(name => {
      const frame = document.createElement('iframe');
      frame.style = 'width: 320px; height: 900px; border: 0';
      frame.src = frame.title = name;
      return frame;
    });
    const loaded = frames.map(frame => new Promise(done => { frame.onload = done; }));
    document.body.append(...frames);
    await Promise.all(loaded);
    return frames.flatMap(frame => {
      const page = frame.contentDocument;
      const targets = page.querySelectorAll('header a, nav a, summary, button, input');
      const small = [...targets]
        .filter(element => element.checkVisibility())
        .map(element => [element, element.getBoundingClientRect()])
        .filter(([, box]) => box.width && (box.height < 24 || box.width < 24))
        .map(([element, box]) => `${element.textContent.trim()}: ${box.width} x ${box.height}`);
      const wide = page.documentElement.scrollWidth;
      if (wide > 320) small.push(`is ${wide} pixels wide at 320`);
      return small.map(problem => `${frame.title}: ${problem}`);
    });
  },

  // What a page has stored on the device.
  async stored() {
    const found = [];
    if (document.cookie) found.push('cookie');
    if (localStorage.length) found.push('localStorage');
    if (sessionStorage.length) found.push('sessionStorage');
    if ((await indexedDB.databases()).length) found.push('IndexedDB');
    if ('caches' in window && (await caches.keys()).length) found.push('Cache');
    if ('serviceWorker' in navigator && (await navigator.serviceWorker.getRegistrations()).length)
      found.push('service worker');
    return found;
  },

  // Puts another page into a tab that has axe and the style sheet already.
  async show([address, html]) {
    history.replaceState(null, '', address);
    const page = new DOMParser().parseFromString(html, 'text/html');
    document.replaceChild(document.adoptNode(page.documentElement), document.documentElement);
    for (const style of document.querySelectorAll('link[rel=stylesheet]'))
      if (!style.sheet) await new Promise(done => { style.onload = style.onerror = done; });
  },

  // Whether a page must be scrolled sideways, and what axe finds. It takes a second for a thousand
  // cells. Rows and entries of one form come from one line of a template, so it sees three of each,
  // and parts around the content only when their form is new.
  async axe(rules) {
    const wide = document.documentElement.scrollWidth;
    const found = wide > innerWidth ? [`is ${wide} pixels wide at ${innerWidth}`] : [];
    const form = part => [part, ...part.querySelectorAll('*')]
      .map(each => [each.localName, each.getAttribute('class'), ...each.getAttributeNames()])
      .join();
    for (const list of document.querySelectorAll('main :is(tbody, ul, ol, svg g)')) {
      const count = {};
      for (const entry of [...list.children]) {
        const own = form(entry);
        count[own] = (count[own] ?? 0) + 1;
        if (count[own] > 3) entry.remove();
      }
    }
    globalThis.seen ??= new Set();
    for (const part of document.querySelectorAll('header, footer, body nav, aside')) {
      const own = form(part);
      if (seen.has(own)) part.remove();
      seen.add(own);
    }
    const { violations } = await axe.run({
      runOnly: rules, resultTypes: ['violations'],
      preload: false, iframes: false, elementRef: false, selectors: false, ancestry: true,
    });
    for (const { id, nodes } of violations) for (const node of nodes)
      found.push(`axe ${id} at ${node.html.slice(0, 200)}: ${node.failureSummary}`);
    return found;
  },

  // Where the focus is in the order of the page, and what has it and does not show: hidden, outside
  // the window, behind something else, or without an outline (WCAG 2.4.7; a map changes its lines).
  focus() {
    const element = document.activeElement;
    const order = ['header, .skip', '.breadcrumbs', '.section-nav', 'main', '*'];
    const boxes = [...element.getClientRects()].filter(box => box.width > 1 && box.height > 1);
    const seen = boxes.some(box => {
      const found = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
      return found && (element.contains(found) || found.contains(element));
    }) && (element.closest('svg') || getComputedStyle(element).outlineStyle !== 'none');
    return [
      order.findIndex(place => element.closest(place)), seen ? '' : element.outerHTML.slice(0, 120),
    ];
  },

  // Pairs of what stands in the header and lies on each other, and what is cut off.
  overlaps() {
    const parts = [...document.querySelectorAll(
      '.site-header > :not(.menu), .menu summary, .main-nav a, .languages a, .search-form > *')]
      .filter(element => element.checkVisibility() && !element.matches('.visually-hidden'));
    const found = [];
    for (const one of parts) for (const other of parts) {
      if (one === other || one.contains(other) || other.contains(one)) continue;
      const [a, b] = [one.getBoundingClientRect(), other.getBoundingClientRect()];
      if (a.right > b.left + 1 && b.right > a.left + 1
          && a.bottom > b.top + 1 && b.bottom > a.top + 1)
        found.push(one.className + one.textContent.trim() + ' / ' + other.textContent.trim());
    }
    if (document.documentElement.scrollWidth > innerWidth) found.push('scrolls sideways');
    return found;
  },
};
