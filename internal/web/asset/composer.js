// The box in which staff write. Without this file it is two forms; with it nothing typed is lost: every key is kept in the browser at
// once and on the server within a second, files go up while one writes, and what can't be sent now is sent when the network is back.
const $ = (s, at = document) => at.querySelector(s);
const all = (s, at = document) => [...at.querySelectorAll(s)];
const part = id => $('#' + id).content.firstElementChild.cloneNode(true);
const store = (() => { try { localStorage.setItem('bw', '1'); localStorage.removeItem('bw'); return localStorage; } catch { return null; } })();
const keep = (key, v) => { try { store?.setItem(key, JSON.stringify(v)); return !!store; } catch { return false; } };
const kept = key => { try { return JSON.parse(store?.getItem(key)); } catch { return null; } };
const keys = prefix => store ? Object.keys(store).filter(k => k.startsWith(prefix)) : [];
const uid = () => crypto.randomUUID?.() ?? [...crypto.getRandomValues(new Uint8Array(16))].map(b => b.toString(16).padStart(2, '0')).join('');
const json = { Accept: 'application/json' };

// ask posts a form and gives its answer. signedOut says that the session is over, gone that nobody answered.
async function ask(path, values, more = {}) {
  let r;
  try { r = await fetch(path, { method: 'POST', headers: json, body: values instanceof FormData ? values : new URLSearchParams(values), ...more }); } catch { return { gone: true }; }
  if (r.status === 401 || (r.redirected && new URL(r.url).pathname === '/sign-in')) return { signedOut: true };
  if (r.status >= 502) return { gone: true };
  let body = {};
  try { body = await r.json(); } catch { if (r.ok) return { gone: true }; }
  return { ok: r.ok, status: r.status, body };
}

// Signing in again, in a dialog: the page and all that is typed on it stays.
let signing;
function signIn() {
  return signing ??= new Promise(done => {
    const d = part('t-signin'), f = $('form', d), wrong = $('[data-wrong]', d);
    document.body.append(d);
    f.addEventListener('submit', async e => {
      e.preventDefault(); e.stopImmediatePropagation();
      wrong.hidden = true;
      let r;
      try { r = await fetch(f.action, { method: 'POST', body: new URLSearchParams(new FormData(f)), redirect: 'manual' }); } catch { r = null; }
      if (r?.type === 'opaqueredirect') { d.close(); d.remove(); signing = null; globalThis.bothways?.resume?.(); done(true); return; }
      wrong.textContent = !r ? 'The server can’t be reached. Try again in a moment.' : r.status === 429 ? 'Too many tries. Wait a few minutes.' : 'This address and password do not go together.';
      wrong.hidden = false;
      $('[type=password]', f).focus();
    });
    d.addEventListener('close', () => { d.remove(); signing = null; done(false); });
    d.showModal();
  });
}

const desk = $('#write');
const me = desk?.dataset.me ?? '';

// ---- Outbox: what was sent while nobody answered.
const outbox = {
  bar: null, busy: false,
  add(item) { keep('bw-out:' + item.me + ':' + item.once, item); this.show(); },
  list: () => keys('bw-out:').map(k => ({ key: k, ...kept(k) })).filter(x => !me || x.me === me),
  show() {
    const n = this.list().length;
    if (n && !this.bar && $('#t-outbox')) { this.bar = part('t-outbox'); document.body.append(this.bar); }
    if (this.bar) { this.bar.hidden = !n; this.bar.textContent = n ? `Outbox (${n}), sends when you are back` : ''; }
  },
  async flush() {
    if (this.busy) return;
    this.busy = true;
    for (const x of this.list()) {
      const r = await ask(x.action, x.values);
      if (r.gone) break;
      if (r.signedOut) { if ($('#t-signin') && await signIn()) continue; break; }
      store.removeItem(x.key);
      const here = desk?.dataset.ref === x.ref;
      if (!r.ok) { // refused: it is a draft again, with the reason
        keep(`bw-draft:${x.me}:${x.ref}:${x.mode}:back`, { ...x.draft, writer: 'back', at: Date.now() });
        if (here) writers[x.mode]?.refused(r.body, true);
      } else if (here) location.assign(r.body.next ?? location.pathname);
    }
    this.busy = false;
    this.show();
  },
};
addEventListener('online', () => outbox.flush());
setInterval(() => { if (outbox.list().length) outbox.flush(); }, 15000);

// Who signs out leaves nothing of theirs in the browser.
for (const f of all('form[action="/sign-out"]')) f.addEventListener('submit', () => { for (const k of keys('bw-draft:')) store.removeItem(k); });

// ---- One of the two forms.
const fields = ['body', 'after', 'need', 'due'];
const writers = {};

class Writer {
  constructor(form) {
    this.form = form;
    this.mode = form.dataset.mode;
    this.box = form.elements.body;
    this.version = +form.dataset.version;
    this.id = uid();
    this.step = 0;
    this.key = `bw-draft:${me}:${desk.dataset.ref}:${this.mode}:${this.id}`;
    this.files = $('[data-files]', form);
    this.status = $('.ds', form);
    this.say = $('[data-say]', form);
    this.synced = this.text();
    this.going = 0;
    form.addEventListener('input', e => { if (fields.includes(e.target.name)) this.typed(); });
    form.addEventListener('change', e => { if (fields.includes(e.target.name)) this.typed(); else if (e.target.name?.startsWith('upload-')) this.untick(e.target); });
    form.addEventListener('submit', e => this.send(e));
    this.attachments();
    this.pickUp();
  }
  values() { return Object.fromEntries(fields.filter(f => this.form.elements[f]).map(f => [f, this.form.elements[f].value])); }
  text() { return JSON.stringify(this.values()); }
  set(v) { for (const f of fields) if (this.form.elements[f] && v[f] !== undefined) this.form.elements[f].value = v[f]; grow(this.box); }
  note(words) { if (this.status.textContent !== words) this.status.textContent = words; }

  // typed keeps what is in the form here at once, and on the server after a second without a key, or every second while keys come.
  typed() {
    this.step++;
    const ok = keep(this.key, { ...this.values(), version: this.version, writer: this.id, step: this.step, at: Date.now() });
    if (!ok) this.note('Not kept in this browser; saving on the server');
    this.soon ??= setTimeout(() => this.save(), 900);
  }
  async save(last) {
    clearTimeout(this.soon); this.soon = null;
    const now = this.text();
    if (now === this.synced || this.sent || this.parted) return;
    if (this.going && !last) { this.soon = setTimeout(() => this.save(), 300); return; }
    const step = this.step;
    this.going++;
    const r = await ask(desk.dataset.at + '/draft', { mode: this.mode, ...this.values(), version: this.version, writer: this.id, step }, last ? { keepalive: true } : {});
    this.going--;
    if (this.sent) return;
    if (r.gone) { this.note('Kept in this browser; the server can’t be reached'); this.soon ??= setTimeout(() => this.save(), 3000); return; }
    if (r.signedOut) { this.note('Kept in this browser; your session has ended'); if (await signIn()) this.save(); return; }
    if (r.status === 409 || r.status === 412) {
      const other = r.body.other;
      if (!other) return;
      if (this.box.value.startsWith(other.body.trimEnd())) { this.version = other.version; this.save(); } // this page goes on where that one ended
      else this.meet(other, 'You wrote this on another page or device');
      return;
    }
    if (!r.ok) { this.note('Kept in this browser only. ' + (r.body.error ?? '')); return; }
    if (r.body.me && r.body.me !== me) { location.reload(); return; } // somebody else has signed in
    this.version = r.body.version;
    this.synced = now;
    if (this.step === step) store?.removeItem(this.key);
    this.note(r.body.version ? 'Draft saved ' + r.body.saved : '');
  }

  // pickUp finds what a page that ended without warning had kept here and not on the server.
  pickUp() {
    const found = keys(`bw-draft:${me}:${desk.dataset.ref}:${this.mode}:`).map(k => ({ k, v: kept(k) })).filter(x => x.v?.body !== undefined).sort((a, b) => b.v.at - a.v.at);
    for (const { k, v } of found) {
      store.removeItem(k);
      const have = this.values();
      if (fields.every(f => (v[f] ?? '') === (have[f] ?? '')) || !v.body.trim() && !v.need) continue;
      const free = !have.body.trim() || v.version === this.version || v.writer === this.form.dataset.writer || v.body.startsWith(have.body.trimEnd());
      if (free) { this.set(v); this.typed(); } else this.meet(v, 'You wrote this here and it was not saved', true);
    }
  }

  // meet shows two versions of a draft; nothing is saved until one is chosen.
  meet(other, title, local) {
    this.parted = true;
    const mine = this.values();
    this.tell(title, ['“' + other.body + '”'], [
      ['Use this one', () => { this.version = Math.max(this.version, other.version ?? 0); this.set(other); this.chosen(); }],
      ['Keep what is in the box', () => { this.version = Math.max(this.version, other.version ?? 0); this.chosen(); }],
      ['Use both', () => { this.version = Math.max(this.version, other.version ?? 0); this.set({ ...mine, body: other.body.trimEnd() + '\n\n' + this.box.value }); this.chosen(); }],
    ]);
    if (!local) keep(this.key, { ...mine, version: this.version, writer: this.id, step: this.step, at: Date.now() });
  }
  chosen() { this.parted = false; this.hush(); this.typed(); this.save(); this.box.focus(); }
  tell(title, lines, buttons = []) {
    const box = part('t-say');
    $('[data-title]', box).textContent = title;
    for (const l of lines) { const p = document.createElement('p'); p.textContent = l; $('[data-lines]', box).append(p); }
    for (const [label, act] of buttons) { const b = part('t-button'); b.textContent = label; b.addEventListener('click', act); $('[data-buttons]', box).append(b); }
    this.say.replaceChildren(box);
    this.say.hidden = false;
    desk.dataset.open = '';
  }
  hush() { this.say.replaceChildren(); this.say.hidden = true; }

  // ---- Sending.
  async send(e) {
    e.preventDefault(); e.stopImmediatePropagation();
    if (this.sending) return;
    if (this.parted) { this.say.querySelector('button')?.focus(); return; }
    const up = all('progress', this.files);
    if (up.length) { this.tell('Files are still on their way up', ['It is sent when they are there.']); this.after = true; return; }
    const bad = $('.bad', this.files);
    if (bad) { this.tell('A file did not arrive', [$('[data-name]', bad).textContent + ': try it again, or take it out.']); return; }
    this.sending = true;
    this.hush();
    const button = $('[type=submit]', this.form);
    button.setAttribute('aria-disabled', 'true');
    const body = new FormData(this.form);
    for (const [k, v] of [...body]) if (v instanceof File) body.delete(k);
    clearTimeout(this.soon); this.soon = null;
    const r = await ask(this.form.action, body);
    button.removeAttribute('aria-disabled');
    this.sending = false;
    if (r.gone) return this.later(body);
    if (r.signedOut) { if (await signIn()) this.form.requestSubmit(); return; }
    if (!r.ok) return this.refused(r.body);
    this.sent = true;
    store?.removeItem(this.key);
    leaving = true;
    location.assign(r.body.next);
  }
  later(body) {
    const values = Object.fromEntries(body);
    outbox.add({ me, ref: desk.dataset.ref, mode: this.mode, action: new URL(this.form.action).pathname, once: values.once, values, draft: { ...this.values(), version: this.version } });
    store?.removeItem(this.key);
    this.form.elements.once.value = uid();
    this.set({ body: '', need: '', due: '' });
    this.synced = this.text();
    all('li', this.files).forEach(li => li.remove());
    this.note('In the outbox');
  }
  // refused says what is wrong in the form itself. What others did meanwhile is read first; then it can be sent all the same.
  refused(body, restored) {
    if (restored) this.pickUp();
    const texts = (body.errors ?? []).map(x => x.text);
    if (!texts.length) texts.push(body.error ?? 'It was not sent. Try again in a moment.');
    if (!body.changed?.length) {
      this.tell('Not sent yet', texts, []);
      this.form.elements[(body.errors ?? [])[0]?.field]?.focus?.();
      return;
    }
    this.tell('Since you opened this page', body.changed, [['Send it all the same', () => {
      this.form.elements.seen.value = body.seen;
      if (this.form.elements.known) this.form.elements.known.value = body.known;
      this.hush(); this.form.requestSubmit();
    }], ['Look first', () => { this.hush(); refresh(); }]]);
  }

  // ---- Files.
  attachments() {
    const input = $('input[type=file]', this.form);
    if (!input) return;
    input.hidden = true;
    const b = $('[data-do=attach]', this.form);
    b.hidden = false;
    b.addEventListener('click', () => input.click());
    input.addEventListener('change', () => { this.add(input.files); input.value = ''; });
    this.box.addEventListener('paste', e => { if (e.clipboardData?.files.length) { e.preventDefault(); this.add(e.clipboardData.files); } });
    for (const [name, over] of [['dragover', true], ['dragleave', false], ['drop', false]]) this.form.addEventListener(name, e => {
      if (!e.dataTransfer?.types.includes('Files')) return;
      e.preventDefault();
      this.form.toggleAttribute('data-over', over);
      if (name === 'drop') this.add(e.dataTransfer.files);
    });
  }
  add(list) {
    for (const f of list) {
      const li = part('t-file');
      $('[data-name]', li).textContent = f.name || 'image.png';
      $('[data-size]', li).textContent = size(f.size);
      this.files.append(li);
      queue.push(() => this.upload(f, li));
    }
    pump();
  }
  upload(f, li) {
    return new Promise(done => {
      const bar = $('progress', li) ?? li.appendChild(document.createElement('progress'));
      bar.max = 100; bar.value = 0; bar.setAttribute('aria-label', f.name);
      const body = new FormData();
      body.append('mode', this.mode); body.append('files', f, f.name || 'image.png');
      const x = new XMLHttpRequest();
      x.open('POST', desk.dataset.at + '/uploads');
      x.setRequestHeader('Accept', 'application/json');
      x.upload.addEventListener('progress', e => { if (e.lengthComputable) bar.value = 100 * e.loaded / e.total; });
      x.addEventListener('loadend', async () => {
        bar.remove();
        let r = {};
        try { r = JSON.parse(x.responseText); } catch { /* told below */ }
        const over = x.status === 401 || (x.responseURL && new URL(x.responseURL).pathname === '/sign-in');
        if (over && await signIn()) { await this.upload(f, li); done(); return; }
        if (x.status === 201) {
          const box = $('input', li);
          box.name = 'upload-' + r.id;
          if (this.after && !$('progress', this.files)) { this.after = false; this.form.requestSubmit(); }
        } else this.failed(f, li, r.error ?? (x.status ? 'The server did not take it.' : 'The server can’t be reached.'));
        done();
      });
      x.send(body);
    });
  }
  failed(f, li, why) {
    this.after = false;
    li.classList.add('bad');
    $('[data-size]', li).textContent = why;
    const again = $('[data-again]', li), drop = $('[data-drop]', li);
    again.hidden = drop.hidden = false;
    again.onclick = () => { li.classList.remove('bad'); again.hidden = drop.hidden = true; $('[data-size]', li).textContent = size(f.size); queue.push(() => this.upload(f, li)); pump(); };
    drop.onclick = () => { li.remove(); this.box.focus(); };
    this.tell('A file did not arrive', [`${f.name}: ${why}`, 'Everything else is kept.']);
  }
  untick(box) {
    if (box.checked) return;
    const id = box.name.slice(7);
    box.closest('li').remove();
    this.box.focus();
    ask(`${desk.dataset.at}/uploads/${id}/drop`, { mode: this.mode });
  }
}

const queue = [];
let running = 0;
async function pump() { // two at a time: the server holds each whole
  while (running < 2 && queue.length) {
    running++;
    queue.shift()().finally(() => { running--; pump(); });
  }
}
const size = n => n < 1000 ? n + ' B' : n < 1e6 ? Math.round(n / 1e3) + ' KB' : (n / 1e6).toFixed(1) + ' MB';
const grow = box => { box.scrollTop = box.scrollHeight; };

// ---- Completion: @ a colleague (in notes), # a ticket, ; a saved answer.
class Complete {
  constructor(w) {
    this.w = w; this.box = w.box; this.items = [];
    this.list = part('t-list');
    this.list.id = w.form.id + '-list';
    this.list.setAttribute('aria-label', 'Suggestions');
    this.list.hidden = true;
    this.box.after(this.list);
    this.box.setAttribute('aria-autocomplete', 'list');
    this.box.setAttribute('aria-controls', this.list.id);
    this.box.addEventListener('input', () => { $('[data-none]', w.form).hidden = true; this.look(); });
    this.box.addEventListener('blur', () => setTimeout(() => this.close(), 150));
    this.box.addEventListener('keydown', e => this.key(e));
    for (const b of all('[data-do]', w.form)) if (b.dataset.do !== 'attach') {
      b.hidden = false;
      b.addEventListener('click', async () => {
        this.box.focus();
        if (b.dataset.do === ';' && (await this.found(';', ''))?.length === 0) { $('[data-none]', w.form).hidden = false; return; }
        const at = this.box.selectionStart; const gap = at && !/\s/.test(this.box.value[at - 1]) ? ' ' : ''; this.box.setRangeText(gap + b.dataset.do, at, at, 'end'); w.typed(); this.look();
      });
    }
  }
  async found(kind, q) { // what is offered; nothing when the server is away
    try {
      const r = await fetch(`${desk.dataset.complete}?${new URLSearchParams({ kind, q, ref: desk.dataset.ref })}`, { headers: json });
      return r.ok && !r.redirected ? (await r.json()).items : undefined;
    } catch { return undefined; }
  }
  look() {
    const before = this.box.value.slice(0, this.box.selectionStart);
    const m = before.match(/(?:^|[\s(])([@#;])([^\s@#;][^@#;\n]{0,40}|)$/);
    if (!m || m[1] === '@' && this.w.mode !== 'note' || m[2].split(' ').length > 3) return this.close();
    this.from = before.length - m[2].length - 1;
    clearTimeout(this.wait);
    const n = this.turn = (this.turn ?? 0) + 1;
    this.wait = setTimeout(async () => {
      const items = await this.found(m[1], m[2].trim());
      if (items && n === this.turn) this.open(items);
    }, 80);
  }
  open(items) {
    this.items = items;
    if (!items.length) return this.close();
    this.list.replaceChildren(...items.map((it, i) => {
      const li = part('t-option');
      li.id = this.list.id + i;
      $('b', li).textContent = it.label;
      $('span', li).textContent = it.hint ?? '';
      li.addEventListener('mousedown', e => { e.preventDefault(); this.take(i); });
      return li;
    }));
    this.list.hidden = false;
    this.mark(0);
  }
  mark(i) {
    this.at = (i + this.items.length) % this.items.length;
    [...this.list.children].forEach((li, k) => li.setAttribute('aria-selected', k === this.at));
    this.list.children[this.at].scrollIntoView({ block: 'nearest' });
    this.box.setAttribute('aria-activedescendant', this.list.id + this.at);
  }
  close() { this.turn = (this.turn ?? 0) + 1; this.list.hidden = true; this.items = []; this.box.removeAttribute('aria-activedescendant'); }
  key(e) {
    if (this.list.hidden) return;
    const act = { ArrowDown: () => this.mark(this.at + 1), ArrowUp: () => this.mark(this.at - 1), Enter: () => this.take(this.at), Tab: () => this.take(this.at), Escape: () => this.close() }[e.key];
    if (!act || e.ctrlKey || e.metaKey) return;
    e.preventDefault(); e.stopPropagation();
    act();
  }
  take(i) {
    const it = this.items[i];
    this.box.setRangeText(it.insert, this.from, this.box.selectionStart, 'end');
    this.close();
    this.w.typed();
  }
}

// ---- Who else is here; and parts of the page drawn anew.
let wrote = 0, leaving = false;
async function here(state) {
  const chips = $('#live-here');
  if (!chips || document.hidden && state !== 'gone') return;
  const r = await ask(desk.dataset.at + '/here', { state: state ?? (Date.now() - wrote < 20000 ? 'writing' : 'here') }, { keepalive: state === 'gone', headers: { ...json, 'Bothways-Background': '1' } }); // a page that lies open is no use of the session
  if (!r.ok || state === 'gone') return;
  const names = r.body.here ?? [];
  if (names.join() === all('.chip', chips).map(c => c.textContent.trim()).join()) return;
  chips.replaceChildren(...names.map(n => { const c = part('t-here'); c.lastChild.textContent = ' ' + n; return c; }));
}

const refresh = () => globalThis.bothways?.refresh?.(); // live.js draws the parts of the page anew
document.addEventListener('bothways:changed', () => leaves());

// leaves draws the page anew when an answer that could be taken back has left.
function leaves() {
  const next = Math.min(...all('[data-leaves]').map(e => Date.parse(e.dataset.leaves)));
  if (Number.isFinite(next)) setTimeout(refresh, Math.max(1200, next - Date.now() + 1500));
}

if (desk?.dataset.at) {
  desk.dataset.js = '';
  for (const f of all('form[data-mode]', desk)) {
    const w = writers[f.dataset.mode] = new Writer(f);
    new Complete(w);
    f.addEventListener('input', () => { const quiet = Date.now() - wrote > 20000; wrote = Date.now(); if (quiet) here(); });
  }
  const last = () => { for (const w of Object.values(writers)) w.save(true); if (!leaving) here('gone'); };
  addEventListener('pagehide', last);
  document.addEventListener('visibilitychange', () => { if (document.hidden) for (const w of Object.values(writers)) w.save(true); else here(); });
  addEventListener('online', () => { for (const w of Object.values(writers)) w.save(); });
  setInterval(() => here(), 15000);
  here();
  leaves();
}
outbox.show();
if (navigator.onLine) outbox.flush();
