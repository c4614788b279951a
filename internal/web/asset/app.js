// Progressive enhancement only: every page works without this file.
'use strict';
const root = document.documentElement;

// Theme: follow the system until the person chooses; the server reads the cookie and writes data-theme itself.
const dark = () => (root.dataset.theme || (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light')) === 'dark';
for (const b of document.querySelectorAll('[data-theme-toggle]')) {
  b.hidden = false;
  b.addEventListener('click', () => {
    root.dataset.theme = dark() ? 'light' : 'dark';
    const secure = location.protocol === 'https:' ? '; Secure' : '';
    document.cookie = 'bw-theme=' + root.dataset.theme + '; Path=/; Max-Age=31536000; SameSite=Lax' + secure;
  });
}

// Ctrl+Enter or Cmd+Enter sends the form the cursor is in. A second press does not send twice.
const mac = navigator.platform.startsWith('Mac');
for (const k of document.querySelectorAll('[data-key]')) { k.hidden = false; if (mac) k.textContent = '⌘ ↵'; }
const sends = x => x instanceof HTMLTextAreaElement || x.form?.method === 'post' && x.matches('select, input:not([type=submit], [type=button], [type=reset], [type=image])');
addEventListener('keydown', e => {
  if (e.key !== 'Enter' || !(e.ctrlKey || e.metaKey) || !sends(e.target)) return;
  e.preventDefault();
  e.target.form?.requestSubmit();
});
addEventListener('submit', e => {
  if (e.target.dataset.sent) { e.preventDefault(); return; }
  if (e.target.method === 'post') e.target.dataset.sent = '1';
});
addEventListener('pageshow', () => { for (const f of document.forms) delete f.dataset.sent; });

// One menu at a time; Escape closes it and gives the focus back. A click beside it closes it.
const menus = () => document.querySelectorAll('details.menu[open]');
addEventListener('keydown', e => {
  if (e.key !== 'Escape') return;
  for (const m of menus()) { const inside = m.contains(document.activeElement); m.open = false; if (inside) m.querySelector('summary').focus(); }
});
addEventListener('click', e => { for (const m of menus()) if (!m.contains(e.target)) m.open = false; });

// The ticket that is open is in sight in the queue beside it.
const row = document.querySelector('.queue [aria-current]');
const queue = row?.closest('.queue');
if (row && row.getBoundingClientRect().bottom > queue.getBoundingClientRect().bottom) queue.scrollTop = row.offsetTop - queue.clientHeight / 3;

// Whoever came back to a form with something to mend starts at the summary.
document.querySelector('.summary-err')?.focus();

// A page that is made to be printed has a button for it.
for (const b of document.querySelectorAll('[data-print]')) { b.hidden = false; b.addEventListener('click', () => print()); }
