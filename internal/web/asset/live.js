// What others change appears on the open page. Every page works without this file.
//
// One stream a browser says "ticket BW-1042 changed": the tab that holds the lock listens, the others hear it from that tab. A
// page then asks for itself and takes over its regions, the elements whose id begins with "live-". Nothing somebody is writing
// lies in such a region; where a form does, it is left alone as long as it holds something (docs/adr/0007).
'use strict';
const bw = globalThis.bothways ||= {};
const background = { 'HX-Request': 'true', 'Bothways-Background': '1' }; // no use of the session: an open page keeps nobody signed in
const regions = () => [...document.querySelectorAll('[id^="live-"]')];
let at = document.querySelector('meta[name="bothways-at"]')?.content; // what this page knows of
const here = (/\/(BW-\d+)$/.exec(location.pathname) || [])[1];

// --- what is being written stays ---
const filled = c => c.type === 'checkbox' || c.type === 'radio' ? c.checked !== c.defaultChecked
  : c.options ? c.selectedIndex !== Math.max(0, [...c.options].findIndex(o => o.defaultSelected))
    : c.type !== 'hidden' && c.type !== 'submit' && c.value !== c.defaultValue;
const inUse = f => f.contains(document.activeElement) && document.activeElement !== document.body || [...f.elements].some(filled);
const kept = n => n.nodeType === 1 && (n.matches('[data-draft], .composer') || n.matches('form') && inUse(n) || n.matches('input, select, textarea') && !n.closest('form') && filled(n)
  || n.matches('details[open].menu') && [...n.querySelectorAll('form')].some(inUse));

function morph(old, fresh) {
  const scroll = old.closest('.scroller') || old.querySelector('.scroller') || old;
  const up = scroll.scrollTop, height = scroll.scrollHeight, reverse = getComputedStyle(scroll).flexDirection === 'column-reverse';
  globalThis.Idiomorph.morph(old, fresh, {
    morphStyle: 'outerHTML', ignoreActiveValue: true, restoreFocus: true,
    callbacks: {
      beforeNodeMorphed: n => !kept(n),
      beforeNodeRemoved: n => !(n.nodeType === 1 && (kept(n) || [...n.querySelectorAll('form')].some(inUse))),
      // what the reader opened stays open, and what a script showed or marked stays so
      beforeAttributeUpdated: (name, n) => !(name === 'open' && n.matches('details') || name === 'data-open' || name === 'data-cursor'),
    },
  });
  if (reverse) scroll.scrollTop = up < -8 ? up - (scroll.scrollHeight - height) : 0;
  else if (scroll.scrollTop !== up) scroll.scrollTop = up;
}

// --- what is said of it: politely, put together, never more often than every few seconds ---
const turns = { provider: 'our turn now', customer: 'their turn now', supplier: 'with the supplier now', nobody: 'nobody’s turn now', ended: 'ended' };
function standing() {
  const out = new Map();
  for (const a of document.querySelectorAll('[data-rows] [data-row], .q a[href*="/BW-"]')) {
    const group = (a.closest('[aria-labelledby]')?.getAttribute('aria-labelledby') || '').replace(/^g-/, '');
    if (turns[group]) out.set(a.pathname.split('/').pop(), turns[group]);
  }
  const mine = document.querySelector('[data-turn]')?.dataset.turn;
  if (here && mine) out.set(here, mine);
  return out;
}
let region, toSay = [], saying;
bw.say = text => {
  if (!region) { region = document.createElement('div'); region.className = 'vh'; region.id = 'said'; region.setAttribute('role', 'status'); document.body.append(region); }
  toSay.push(text);
  saying ||= setTimeout(() => {
    region.textContent = toSay.length > 3 ? toSay.slice(0, 2).join('. ') + `, and ${toSay.length - 2} more changes.` : toSay.join('. ') + '.';
    toSay = []; saying = setTimeout(() => { saying = null; if (toSay.length) bw.say(toSay.pop()); }, 4000);
  }, 400);
};

// Rows are known by their ticket and what opens by the form in it, so that each stays itself: a row that moves keeps the focus.
function name(doc) {
  for (const a of doc.querySelectorAll('[data-rows] [data-row], .q a[href*="/BW-"]')) { const li = a.closest('li, tr'); if (li && !li.id) li.id = 'q-' + a.getAttribute('href').split('/').pop(); }
  for (const d of doc.querySelectorAll('details:not([id])')) { const f = d.querySelector('form[id]'); if (f) d.id = (d.classList[0] || 'of') + '-' + f.id; }
}

// --- taking over what is new ---
// apply takes a page or parts of one, and says whether it held a region of this page.
bw.apply = html => {
  const doc = new DOMParser().parseFromString(html, 'text/html'), before = standing();
  const active = document.activeElement, href = active?.closest('.q, [data-rows]') && active.getAttribute('href');
  let found = false;
  name(document); name(doc);
  for (const old of regions()) {
    const fresh = doc.getElementById(old.id);
    if (fresh) { found = true; morph(old, fresh); }
  }
  if (href && document.activeElement !== active) [...document.querySelectorAll('.q a, [data-rows] a')].find(a => a.getAttribute('href') === href)?.focus({ preventScroll: true });
  for (const [ticket, turn] of standing()) if (before.has(ticket) && before.get(ticket) !== turn) bw.say(`${ticket}: ${turn}`);
  if (found) document.dispatchEvent(new CustomEvent('bothways:changed'));
  return found;
};
let timer, due = 0, last = 0, busy = false, stale = false, over = false;
async function refresh() {
  timer = null;
  if (document.hidden || busy) { stale = true; return; }
  const ids = regions().map(r => r.id);
  if (!ids.length || over) return;
  busy = true; stale = false;
  try {
    const url = new URL(location.href); url.hash = ''; url.searchParams.delete('done');
    const res = await fetch(url, { headers: { ...background, 'HX-Target': ids.join(' ') }, cache: 'no-store' });
    if (res.redirected && new URL(res.url).pathname === '/sign-in') over = true; // the session ended: the page keeps what it shows
    else if (res.ok) { bw.apply(await res.text()); at = res.headers.get('Bothways-At'); }
    else if (res.status === 404) bw.say(`${here || 'This page'} can be read no more`);
    else if (res.status >= 500) want(10000);
  } catch { want(5000); } // no network: the stream's return asks again, too
  busy = false; last = Date.now();
  if (stale) want(500);
}
function want(ms) {
  const at = Date.now() + ms;
  if (timer && at >= due) return;
  clearTimeout(timer); due = at; timer = setTimeout(refresh, ms);
}
// soon spreads the lists of many agents over a few seconds; one's own ticket is read at once.
const soon = own => want(Math.max(own ? 120 : 300 + Math.random() * 1200, last + (own ? 700 : 3000) - Date.now()));
bw.refresh = () => soon(true);
addEventListener('visibilitychange', () => { if (!document.hidden && stale) want(50); });

function heard(m) {
  if (m.type === 'again' || m.type === 'at' && m.at !== at) soon(false);
  else if (m.type === 'ticket' && (m.ticket === here || !location.pathname.startsWith('/requests/'))) soon(m.ticket === here);
}

// --- one stream a browser ---
const others = 'BroadcastChannel' in globalThis ? new BroadcastChannel('bothways-live') : null;
if (others) others.onmessage = e => heard(e.data);
const tell = m => { heard(m); others?.postMessage(m); };
// listen keeps a stream until its session ends; then it gives the lock back.
let leads = false, silent = false, reopen; // silent: the session of this page's stream has ended
function listen() {
  return new Promise(end => {
    let stream, tries = 0;
    leads = true;
    const open = () => {
      stream = new EventSource('/live');
      bw.stream = stream;
      stream.onopen = () => { tries = 0; };
      stream.addEventListener('at', e => tell({ type: 'at', ...JSON.parse(e.data) })); // nothing is replayed: a page that knows of less reads anew
      stream.addEventListener('ticket', e => tell({ type: 'ticket', ...JSON.parse(e.data) }));
      stream.addEventListener('again', () => tell({ type: 'again' }));
      stream.addEventListener('ended', () => { stream.close(); silent = true; reopen = null; end(); });
      stream.addEventListener('elsewhere', () => { stream.close(); addEventListener('focus', open, { once: true }); });
      stream.onerror = () => { if (stream.readyState === EventSource.CLOSED) setTimeout(open, Math.min(60000, 2000 * 2 ** tries++) * (1 + Math.random())); };
    };
    open();
    reopen = () => { stream.close(); open(); };
    addEventListener('pagehide', () => { stream.close(); end(); }, { once: true });
  });
}
// resume goes on after its reader has signed in again on the page.
bw.resume = () => {
  over = false;
  if (silent) { silent = false; if (navigator.locks && others) navigator.locks.request('bothways-live', listen); else listen(); } else reopen?.(); // its stream is the old session's
  soon(true);
};
if (regions().length) {
  if (navigator.locks && others) navigator.locks.request('bothways-live', listen); // a tab that waits for the lock hears the others' meanwhile
  else { // without a secure origin there are no locks: a tab listens while it is seen
    const start = () => { if (!document.hidden && !bw.stream) listen(); };
    addEventListener('visibilitychange', () => { if (document.hidden) { bw.stream?.close(); bw.stream = null; } else start(); });
    start();
  }
  // Between the making of the page and this line something may have changed of which another tab was told.
  if (navigator.locks && others) navigator.locks.query().then(q => { if (!leads && q.held.some(l => l.name === 'bothways-live')) soon(false); });
}
