// The workspace by keyboard: single keys press what the page has. Every page works without this file.
//
// A key is matched by the character it gives (event.key), so that it is the same letter on every layout. Nothing is bound to Alt or
// Ctrl+Alt, and what AltGr writes is never a shortcut. Keys are off while somebody writes or a dialog is open, can be switched off,
// and can be given other letters (WCAG 2.2, 2.1.4); both are kept in this browser.
'use strict';
const bw = globalThis.bothways ||= {};
const $ = (s, r = document) => r.querySelector(s), $$ = (s, r = document) => [...r.querySelectorAll(s)];
const keep = (area, k, v) => { try { if (v === undefined) return area.getItem(k); v === null ? area.removeItem(k) : area.setItem(k, v); } catch { return null; } };
const set = JSON.parse(keep(localStorage, 'bw-keys') || '{}');
const save = () => keep(localStorage, 'bw-keys', JSON.stringify(set));
const seen = e => e && e.checkVisibility({ visibilityProperty: true });
const here = (/^\/desk\/tickets\/(BW-\d+)$/.exec(location.pathname) || [])[1];

// --- what a toast and a form of the page do ---
bw.toast = (text, undo) => {
  $('.toast')?.remove();
  const t = document.createElement('div'); t.className = 'toast'; t.setAttribute('role', 'status');
  const s = document.createElement('span'); t.append(s); document.body.append(t);
  s.textContent = text;
  if (undo) { const b = document.createElement('button'); b.type = 'button'; b.textContent = 'Undo'; b.onclick = () => { t.remove(); undo(); }; t.append(b); }
};
const form = act => $(`form[action$="/${act}"]`);
// reveal opens whatever a form is folded into, and puts the cursor where it begins.
function reveal(f, field) {
  for (let d = f.closest('details'); d; d = d.parentElement.closest('details')) d.open = true;
  const to = field && $(field, f) || $('textarea, select, input:not([type=hidden])', f) || $('button', f);
  to?.focus(); if (to?.matches('textarea')) to.setSelectionRange(to.value.length, to.value.length);
}
// send sends a form without leaving the page. A refusal is told in its own words, and the page shows how things stand.
bw.send = async f => {
  if (f.dataset.sent) return;
  f.dataset.sent = '1';
  try {
    const res = await fetch(f.action, { method: 'POST', body: new URLSearchParams(new FormData(f)), headers: { 'HX-Request': 'true', 'HX-Target': $$('[id^="live-"]').map(e => e.id).join(' ') } });
    const html = await res.text(), doc = new DOMParser().parseFromString(html, 'text/html');
    if (res.status === 401 || new URL(res.url).pathname === '/sign-in') { delete f.dataset.sent; HTMLFormElement.prototype.submit.call(f); return; }
    for (const d of $$('details.menu[open]')) if (d.contains(f)) d.open = false;
    document.activeElement?.closest('form') === f && document.activeElement.blur();
    f.reset();
    if (!bw.apply?.(html)) bw.refresh?.();
    bw.toast((res.ok && $('.toast span', doc) || $('.summary-err', doc) || $('.notices .callout', doc) || $('main h1', doc))?.textContent.replace(/\s+/g, ' ').trim() || (res.ok ? 'Done.' : 'This could not be done. The page shows how it stands.'));
  } catch { bw.toast('No connection. Nothing was sent; try again.'); }
  delete f.dataset.sent;
};

// --- rows, and the way from one ticket to the next ---
const row = '[data-rows] [data-row], .q a[href*="/desk/tickets/"]';
const rows = () => $$(row).filter(seen);
const cursor = () => document.activeElement?.closest(row) || $('[data-cursor]') || $('.q [aria-current="true"]');
function at(to) {
  for (const r of $$('[data-cursor]')) r.removeAttribute('data-cursor');
  if (!to) return;
  to.setAttribute('data-cursor', ''); to.focus({ preventScroll: true }); to.scrollIntoView({ block: 'nearest' });
}
const path = a => a.getAttribute('href').split(/[?#]/)[0];
function leave(href) { // where it was gone to from: the list, and its rows in their order
  if (!here) { keep(sessionStorage, 'bw-list', location.pathname + location.search); keep(sessionStorage, 'bw-rows', JSON.stringify(rows().map(path))); }
  keep(sessionStorage, 'bw-at', href.split(/[?#]/)[0]);
}
// nextOf is the ticket before or after this one, in the list it was gone to from, else in the queue beside it.
function nextOf(by, list) {
  let hrefs = JSON.parse(keep(sessionStorage, 'bw-rows') || '[]'), n = hrefs.indexOf(location.pathname);
  if (n < 0) { hrefs = list.map(path); n = hrefs.indexOf(location.pathname); }
  return n >= 0 ? hrefs[n + by] : by > 0 ? hrefs[0] : undefined;
}
function step(by) {
  const list = rows();
  if (!here) {
    const n = list.indexOf(cursor());
    at(list[n < 0 ? (by > 0 ? 0 : list.length - 1) : Math.max(0, Math.min(list.length - 1, n + by))]);
    return;
  }
  const to = nextOf(by, list);
  if (!to) bw.toast(by > 0 ? 'This is the last one of the list.' : 'This is the first one of the list.');
  else { keep(sessionStorage, 'bw-at', to); location.href = to; }
}
// J does not wait: the browser fetches the next ticket's page beforehand, once this one is done (next.json). It reads only, and
// none is fetched where data is to be saved.
if (here && !navigator.connection?.saveData && !/2g/.test(navigator.connection?.effectiveType)) {
  const ahead = () => {
    const to = nextOf(1, rows());
    if (!to || to === location.pathname) return;
    const a = document.createElement('a'); a.href = to; a.className = 'vh'; a.tabIndex = -1; a.setAttribute('aria-hidden', 'true'); a.dataset.next = '';
    document.body.append(a);
  };
  const calm = () => globalThis.requestIdleCallback ? requestIdleCallback(ahead, { timeout: 5000 }) : setTimeout(ahead, 1000);
  document.readyState === 'complete' ? calm() : addEventListener('load', calm, { once: true });
}
const list = () => keep(sessionStorage, 'bw-list') || $('.th a.only-narrow')?.getAttribute('href') || '/desk';
addEventListener('click', e => { const a = e.target.closest?.(row); if (a) leave(a.getAttribute('href')); });
// Back in the list, the row it was left from is found again.
if (!here && $(row)) { const from = keep(sessionStorage, 'bw-at'); if (from && from !== location.pathname) { const r = rows().find(a => path(a) === from); if (r && (!document.activeElement || document.activeElement === document.body)) at(r); } }

const box = r => r && $('input[type=checkbox]', r.closest('li, tr'));
const mark = (r, on) => { const b = box(r); if (b && (on === undefined || b.checked !== on)) b.click(); };

// --- copying: the number, with its title, the link ---
let copied = 0, copyTimer;
async function copy() {
  const from = here ? null : cursor(), ref = here || from && path(from).split('/').pop();
  if (!ref) return;
  clearTimeout(copyTimer); copyTimer = setTimeout(() => { copied = 0; }, 1500);
  const title = (here ? $('#tt') : $('.qs', from) || from)?.firstChild?.textContent.trim() || '';
  const text = [ref, `${ref} ${title}`, location.origin + '/desk/tickets/' + ref][copied++ % 3];
  try { await navigator.clipboard.writeText(text); }
  catch { // no secure origin, or not allowed
    const was = document.activeElement, t = document.createElement('textarea'); t.className = 'vh'; t.value = text; document.body.append(t); t.select();
    document.execCommand('copy'); t.remove(); was?.focus?.();
  }
  bw.toast(`Copied: ${text}`);
}

// --- what can be done: run presses it, can says whether the page has it ---
const onRow = act => () => { const r = cursor(); if (r) { leave(r.getAttribute('href')); location.href = path(r) + '#' + act; } };
const onTicket = (act, run, has) => ({ run: here ? run : onRow(act), can: () => here ? has() : !!rows().length && !!cursor() });
function write(which) {
  const radio = $('#w-' + which), f = form(which);
  if (radio && !radio.checked) radio.click();
  if (f) reveal(f, 'textarea');
}
const go = key => ({ run: () => { location.href = $(`[data-go="${key}"]`).getAttribute('href'); }, can: () => !!$(`[data-go="${key}"]`) });
async function take() {
  if (here) { const f = form('take'); if (f) bw.send(f); return; }
  const r = cursor(), f = document.createElement('form');
  f.action = path(r) + '/take'; f.method = 'post';
  await bw.send(f); bw.refresh?.();
}
const acts = {
  next: { key: 'j', run: () => step(1), can: () => !!here || !!rows().length },
  previous: { key: 'k', run: () => step(-1), can: () => !!here || !!rows().length },
  open: { run: () => { const r = cursor(); if (r && !here) { leave(r.getAttribute('href')); location.href = r.getAttribute('href'); } }, can: () => !here && !!rows().length },
  back: { key: 'u', run: () => { location.href = list(); }, can: () => !!here },
  select: { key: 'x', run: () => mark(cursor()), can: () => !!box(rows()[0]) },
  extend: { run: () => {}, can: () => !!box(rows()[0]) },
  'go-ours': go('i'), 'go-theirs': go('t'), 'go-changes': go('c'), 'go-scorecards': go('s'), 'go-behind': go('b'),
  reply: { key: 'r', ...onTicket('reply', () => write('reply'), () => !!form('reply')) },
  note: { key: 'n', ...onTicket('note', () => write('note'), () => !!form('note')) },
  turn: { key: 't', ...onTicket('turn', () => { write('reply'); const s = $('[name="after"]', form('reply')); if (s?.matches('select')) { s.value = 'customer'; s.dispatchEvent(new Event('change', { bubbles: true })); } reveal(form('reply'), '[name="need"]'); }, () => !!form('reply')) },
  assign: { key: 'a', ...onTicket('assign', () => reveal(form('assign'), '[name="person"]'), () => !!form('assign')) },
  take: { key: 'i', run: take, can: () => here ? !!form('take') : !!cursor() },
  resolve: { key: 'e', ...onTicket('resolve', () => reveal(form('resolve'), 'textarea'), () => !!form('resolve')) },
  wait: { key: 's', ...onTicket('wait', () => reveal(form('wait'), '[name="until"]'), () => !!form('wait')) },
  undo: { key: 'z', run: () => $('[data-undo], .toast button')?.click(), can: () => !!$('[data-undo], .toast button') },
  copy: { key: '.', run: copy, can: () => !!here || !!cursor() },
  palette: { run: () => bw.palette?.(), can: () => !!$('#palette') },
  search: { key: '/', run: () => { const i = $('.cmd input'); i?.focus(); i?.select(); }, can: () => !!$('.cmd input') },
  filter: { key: 'f', run: () => { const i = $('[data-filter], form.filter input:not([type=hidden])'); i?.focus(); i?.select?.(); }, can: () => seen($('[data-filter], form.filter input:not([type=hidden])')) },
  help: { key: '?', run: () => help(), can: () => true },
};
bw.acts = acts;
bw.keyOf = id => set.map?.[id] ?? acts[id]?.key;
const name = k => k.length === 1 ? k.toUpperCase() : k;

// --- the keyboard ---
const writing = e => !!e.closest?.('textarea, select, [contenteditable=""], [contenteditable="true"], input:not([type=checkbox], [type=radio], [type=button], [type=submit], [type=reset], [type=file])');
const single = e => !e.ctrlKey && !e.metaKey && !e.altKey && !e.getModifierState('AltGraph') && !e.isComposing && e.key.length === 1;
let lead = 0;
addEventListener('keydown', e => {
  if (e.defaultPrevented || e.isComposing) return;
  if ((e.ctrlKey || e.metaKey) && !e.altKey && !e.shiftKey && !e.getModifierState('AltGraph') && e.key.toLowerCase() === 'k' && acts.palette.can()) { e.preventDefault(); acts.palette.run(); return; }
  if (e.key === 'Escape' && writing(e.target) && !$('dialog[open]') && !e.target.closest('details.menu[open]')) { e.target.blur(); return; } // the text stays
  if (set.off || writing(e.target) || $('dialog[open]')) return;
  if (e.key === 'Enter' && !e.ctrlKey && !e.metaKey && !e.altKey && !e.shiftKey && e.target === document.body && acts.open.can() && cursor()) { e.preventDefault(); acts.open.run(); return; }
  if (!single(e)) return;
  const k = e.key.toLowerCase(), letter = k !== e.key.toUpperCase();
  if (lead && Date.now() - lead < 1500) {
    lead = 0;
    const id = { i: 'go-ours', t: 'go-theirs', c: 'go-changes', s: 'go-scorecards', b: 'go-behind' }[k];
    if (id && acts[id].can()) { e.preventDefault(); acts[id].run(); }
    return;
  }
  if (k === 'g' && !e.shiftKey) { lead = Date.now(); e.preventDefault(); return; }
  if (letter && e.shiftKey) {
    const by = k === bw.keyOf('next') ? 1 : k === bw.keyOf('previous') ? -1 : 0;
    if (by && acts.extend.can()) { e.preventDefault(); mark(cursor(), true); step(by); mark(cursor(), true); }
    return;
  }
  const id = Object.keys(acts).find(i => bw.keyOf(i) === k);
  if (!id || !acts[id].can() || e.repeat && !['next', 'previous'].includes(id)) return;
  e.preventDefault();
  acts[id].run();
});

// A ticket opened for something begins with it.
const first = location.hash.slice(1);
if (here && ['reply', 'note', 'turn', 'assign', 'resolve', 'wait'].includes(first) && acts[first].can()) {
  history.replaceState(null, '', location.pathname + location.search);
  acts[first].run();
}

// --- the help: what this page has, the switch, and other letters ---
function show(root) {
  for (const d of $$('[data-action]', root)) {
    const a = acts[d.dataset.action], k = bw.keyOf(d.dataset.action);
    if (root.closest('dialog') && a && d.dataset.action.startsWith('go-') && !a.can() || /^go-/.test(d.dataset.action) && !a.can() || d.dataset.action === 'select' && !a.can() && !root.closest('main') || d.dataset.action === 'extend' && !a.can() && !root.closest('main')) d.remove();
    else if (!('fixed' in d.dataset) && k) $('kbd', d).textContent = name(k);
  }
  const panel = $('[data-keys-set]', root); if (!panel) return;
  panel.hidden = false;
  const on = $('[data-keys-on]', panel), map = $('[data-keys-map]', panel), said = $('[data-keys-said]', panel);
  on.checked = !set.off;
  on.onchange = () => { set.off = !on.checked; save(); };
  const draw = () => {
    map.replaceChildren();
    for (const [id, a] of Object.entries(acts)) if (a.key) {
      const text = $(`[data-action="${id}"] dd`, root)?.textContent; if (!text) continue;
      const l = document.createElement('label'), i = document.createElement('input');
      l.textContent = text.split(';')[0]; i.className = 'in s'; i.maxLength = 1; i.size = 1; i.value = bw.keyOf(id); i.autocomplete = 'off'; i.setAttribute('autocapitalize', 'off');
      i.onfocus = () => i.select();
      i.onchange = () => {
        const k = i.value.toLowerCase().trim(), other = Object.keys(acts).find(o => o !== id && bw.keyOf(o) === k);
        if (!k || k === 'g' || other) { said.textContent = !k ? 'Every one has a letter.' : k === 'g' ? 'G begins “go to”.' : `${name(k)} is taken by “${$(`[data-action="${other}"] dd`, root)?.textContent.split(';')[0] || other}”.`; i.value = bw.keyOf(id); return; }
        (set.map ||= {})[id] = k; save(); said.textContent = `${name(k)} it is.`; const kbd = $(`[data-action="${id}"] kbd`, root); if (kbd) kbd.textContent = name(k);
      };
      l.append(i); map.append(l);
    }
  };
  draw();
  $('[data-keys-reset]', panel).onclick = () => { delete set.map; save(); draw(); for (const d of $$('[data-action]:not([data-fixed])', root)) if (bw.keyOf(d.dataset.action)) $('kbd', d).textContent = name(bw.keyOf(d.dataset.action)); said.textContent = 'All as they were.'; };
}
async function help() {
  let d = $('#keys');
  if (!d) {
    const res = await fetch('/desk/keys', { headers: { 'HX-Request': 'true' } });
    d = res.ok && new DOMParser().parseFromString(await res.text(), 'text/html').getElementById('keys');
    if (!d) { location.href = '/desk/keys'; return; }
    d = document.importNode(d, true); document.body.append(d); show(d);
    d.addEventListener('click', e => { if (e.target === d) d.close(); });
  }
  if (!d.open) d.showModal();
}
for (const a of $$('[data-keys]')) a.addEventListener('click', e => { if (!e.ctrlKey && !e.metaKey && !e.shiftKey) { e.preventDefault(); help(); } });
if ($('main [data-keys-help]')) show($('main'));
