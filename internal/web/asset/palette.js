// The command menu: go somewhere, find a ticket or a person, act on the ticket that is open. Every page works without this file,
// and everything here is also a button or a link.
'use strict';
const bw = globalThis.bothways ||= {};
const $ = (s, r = document) => r.querySelector(s), $$ = (s, r = document) => [...r.querySelectorAll(s)];
const dialog = $('#palette'), input = dialog && $('input', dialog), box = dialog && $('#pal', dialog), none = dialog && $('.palnone', dialog), said = dialog && $('[role=status]', dialog);
const sprite = ($('svg.ico use')?.getAttribute('href') || '').split('#')[0];
const fold = s => s.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
const words = e => (e?.textContent || '').replace(/\s+/g, ' ').trim();
const form = act => $(`form[action$="/${act}"]`);
let level = [], found = [], asked = '', abort, timer, options = [], picked = 0;

// --- what can be done here, taken from the page ---
const key = id => { const k = bw.keyOf?.(id); return k ? [k.toUpperCase()] : []; };
function choose(f, field, value) { // a choice of one of the page's forms, sent at once
  const s = f.elements[field]; s.value = value;
  bw.send(f);
}
function picks(f, field) {
  return [...f.elements[field].options].filter(o => o.value || o.text).map(o => ({ icon: 'user', label: o.text.trim(), hint: o.selected ? 'now' : '', run: () => choose(f, field, o.value) }));
}
function onTicket() {
  const out = [], add = (id, icon, label, more) => { if (bw.acts?.[id]?.can()) out.push({ icon, label, keys: key(id), run: bw.acts[id].run, ...more }); };
  if (!/^\/desk\/tickets\/BW-/.test(location.pathname)) return out;
  const to = words($('label[for="w-reply"]')) || 'Reply', name = to.replace(/^Reply to /, '');
  add('reply', 'reply', to); add('note', 'lock', 'Note for IT'); add('turn', 'swap', name === to ? 'Pass the turn …' : `Pass the turn to ${name} …`);
  const assign = form('assign');
  if (assign) add('assign', 'users', 'Assign to …', { run: null, sub: () => [...(assign.elements.person ? [['People', picks(assign, 'person')]] : []), ...(assign.elements.team ? [['Teams', picks(assign, 'team').map(p => ({ ...p, icon: 'users' }))]] : [])] });
  add('take', 'hand', 'Take it'); add('resolve', 'okc', words($('button[type=submit]', form('resolve') || document.createElement('i'))) || 'Resolve and ask to confirm');
  const prio = form('priority');
  if (prio) out.push({ icon: 'flag', label: 'Set the priority …', keys: [], sub: () => ['impact', 'urgency'].filter(n => prio.elements[n]).map(n => [n === 'impact' ? 'Impact' : 'Urgency', picks(prio, n).map(p => ({ ...p, icon: 'flag' }))]) });
  add('wait', 'pause', 'Wait until a date …');
  for (const s of $$('.th details.more > summary, .acts details.more > summary')) {
    const f = $('form', s.parentElement);
    if (f && !/\/wait$/.test(f.action)) out.push({ icon: 'more', label: words(s) + ' …', keys: [], run: () => { for (let d = s.parentElement; d; d = d.parentElement.closest('details')) d.open = true; $('input:not([type=hidden]), select, textarea, button', f)?.focus(); } });
  }
  const again = form('reopen'); if (again) out.push({ icon: 'undo', label: 'Reopen', keys: [], run: () => bw.send(again) });
  add('copy', 'clip', 'Copy the number');
  return out;
}
function places() {
  const out = $$('nav.side a').map(a => ({ icon: ($('use', a)?.getAttribute('href') || '').split('#')[1], label: words(a).replace(/\s\d[\d,+]*$/, ''), keys: a.dataset.go ? ['G', a.dataset.go.toUpperCase()] : [], href: a.getAttribute('href') }));
  const fresh = $('.top a.btn[href]'); if (fresh) out.push({ icon: 'plus', label: 'New ticket', keys: [], href: fresh.getAttribute('href') });
  if (bw.acts) out.push({ icon: 'help', label: 'Keyboard shortcuts', keys: key('help'), run: bw.acts.help.run });
  return out;
}
const top = () => [['On this ticket', onTicket()], ['Go to', places()]];

// --- drawing: a combobox with its list (ARIA 1.2) ---
function line(o, n) {
  const li = document.createElement('li');
  li.id = 'p' + n; li.setAttribute('role', 'option'); li.setAttribute('aria-selected', 'false');
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg'), use = document.createElementNS('http://www.w3.org/2000/svg', 'use');
  svg.setAttribute('class', 'ico'); svg.setAttribute('aria-hidden', 'true'); use.setAttribute('href', sprite + '#' + (o.icon || 'right')); svg.append(use); li.append(svg);
  const span = (cls, text) => { const s = document.createElement('span'); s.className = cls; s.textContent = text; li.append(s); return s; };
  if (o.number) span('id', o.number);
  span('clip', o.label);
  if (o.hint) span('dim clip push', o.hint);
  if (o.keys?.length) { const s = span('push', ''); s.setAttribute('aria-hidden', 'true'); for (const k of o.keys) { const c = document.createElement('kbd'); c.textContent = k; s.append(c); } }
  li.addEventListener('mousemove', () => pick(n)); li.addEventListener('click', e => run(n, e.ctrlKey || e.metaKey));
  return li;
}
function pick(n) {
  picked = n;
  for (const li of $$('[role=option]', box)) li.setAttribute('aria-selected', String(li.id === 'p' + n));
  if (options[n]) { input.setAttribute('aria-activedescendant', 'p' + n); document.getElementById('p' + n).scrollIntoView({ block: 'nearest' }); } else input.removeAttribute('aria-activedescendant');
}
function draw() {
  const q = fold(input.value).split(/\s+/).filter(Boolean), nested = level[level.length - 1];
  options = []; box.replaceChildren();
  for (const [title, all] of [...(nested ? nested() : top()), ...(nested ? [] : found)]) {
    const some = all.filter(o => o.found || q.every(w => fold(o.label + ' ' + title).includes(w)));
    if (!some.length) continue;
    const g = document.createElement('div'), h = document.createElement('p'), ul = document.createElement('ul');
    g.setAttribute('role', 'group'); g.setAttribute('aria-label', title); h.className = 'palh'; h.setAttribute('aria-hidden', 'true'); h.textContent = title; ul.className = 'list'; ul.setAttribute('role', 'presentation');
    for (const o of some) { ul.append(line(o, options.length)); options.push(o); }
    g.append(h, ul); box.append(g);
  }
  none.hidden = !!options.length || asked !== input.value.trim() && !nested; box.hidden = !options.length; input.setAttribute('aria-expanded', String(!!options.length));
  said.textContent = input.value ? (options.length === 1 ? '1 result' : `${options.length} results`) : '';
  pick(0);
}
async function find() {
  const q = input.value.trim();
  if (q.length < 2) { found = []; asked = q; draw(); return; }
  abort?.abort(); abort = new AbortController();
  try {
    const res = await fetch(`${dialog.dataset.find}?q=${encodeURIComponent(q)}`, { headers: { 'HX-Request': 'true' }, signal: abort.signal });
    if (!res.ok || q !== input.value.trim()) return;
    const doc = new DOMParser().parseFromString(await res.text(), 'text/html');
    found = $$('#found section', doc).map(s => [words($('h2', s)), $$('li a', s).map(a => ({ found: true, icon: ($('use', a)?.getAttribute('href') || '').split('#')[1], number: words($('.id', a)), label: words($('.clip:not(.push)', a)), hint: words($('.push', a)), href: a.getAttribute('href') }))]);
    asked = q; draw();
  } catch { /* another letter came, or there is no network: the commands are there */ }
}
function run(n, beside) {
  const o = options[n]; if (!o) return;
  if (o.sub) { level.push(o.sub); input.value = ''; input.placeholder = o.label; draw(); return; }
  dialog.close();
  if (o.href && beside) open(o.href); else if (o.href) location.href = o.href; else o.run();
}
function up() { level.pop(); input.value = ''; input.placeholder = input.dataset.words; draw(); }
bw.palette = () => {
  if (dialog.open) { dialog.close(); return; }
  if ($('dialog[open]')) return;
  level = []; found = []; asked = ''; input.value = ''; input.dataset.words ||= input.placeholder; input.placeholder = input.dataset.words;
  draw(); dialog.showModal(); input.focus();
};
if (dialog) {
  for (const b of $$('[data-palette]')) { b.hidden = false; b.addEventListener('click', () => bw.palette()); if (navigator.platform.startsWith('Mac')) { $('kbd', b).textContent = '⌘ K'; b.setAttribute('aria-label', 'Command menu, ⌘ K'); } }
  input.addEventListener('input', () => { draw(); clearTimeout(timer); if (!level.length) timer = setTimeout(find, 130); });
  input.addEventListener('keydown', e => {
    if (e.isComposing) return;
    const l = options.length;
    if (e.key === 'ArrowDown' && l) pick((picked + 1) % l);
    else if (e.key === 'ArrowUp' && l) pick((picked - 1 + l) % l);
    else if (e.key === 'PageDown' && l) pick(Math.min(l - 1, picked + 8));
    else if (e.key === 'PageUp' && l) pick(Math.max(0, picked - 8));
    else if (e.key === 'Enter') run(picked, e.ctrlKey || e.metaKey);
    else if (e.key === 'Backspace' && !input.value && level.length) up();
    else return;
    e.preventDefault();
  });
  dialog.addEventListener('cancel', e => { if (level.length) { e.preventDefault(); up(); } });
  dialog.addEventListener('click', e => { if (e.target === dialog) dialog.close(); });
}
