// Choosing rows of a list: how many are chosen, and all of a part at once. The form works without this file.
'use strict';
const picks = () => [...document.querySelectorAll('[data-pick]')];
const said = document.querySelector('[data-picked]');
function count() {
  const all = picks(), n = all.filter(b => b.checked).length;
  if (said) said.textContent = n === 1 ? '1 ticket chosen' : n + ' tickets chosen';
  for (const list of document.querySelectorAll('[data-rows]')) {
    const boxes = [...list.querySelectorAll('[data-pick]')], every = list.parentElement.querySelector(`[data-all="${list.getAttribute('aria-labelledby')}"]`);
    if (!every) continue;
    every.hidden = !n || !boxes.length;
    every.textContent = boxes.every(b => b.checked) ? 'Choose none of these' : 'Choose all of these';
  }
}
addEventListener('change', e => { if (e.target.matches?.('[data-pick]')) count(); });
addEventListener('click', e => {
  const every = e.target.closest?.('[data-all]');
  if (!every) return;
  const boxes = [...document.querySelectorAll(`[data-rows][aria-labelledby="${every.dataset.all}"] [data-pick]`)], on = !boxes.every(b => b.checked);
  for (const b of boxes) b.checked = on;
  count();
});
// Shift and a click choose everything between this and the last.
let last;
addEventListener('click', e => {
  if (!e.target.matches?.('[data-pick]')) return;
  const all = picks(), to = all.indexOf(e.target), from = all.indexOf(last);
  if (e.shiftKey && from >= 0) for (const b of all.slice(Math.min(from, to), Math.max(from, to) + 1)) b.checked = e.target.checked;
  last = e.target;
  count();
});
document.querySelector('[data-unpick]')?.addEventListener('click', e => { e.preventDefault(); for (const b of picks()) b.checked = false; count(); });
document.addEventListener('bothways:changed', count);
// Back brings the list as it was left: its place and what was chosen. The browser keeps neither for pages that it may not store.
const list = document.querySelector('.queue'), key = 'bothways-list ' + location.pathname + location.search;
addEventListener('pagehide', () => {
  try { sessionStorage.setItem(key, JSON.stringify([list.scrollTop, picks().filter(b => b.checked).map(b => b.value)])); } catch { /* a full store keeps nothing */ }
});
if (list && performance.getEntriesByType('navigation')[0]?.type === 'back_forward') {
  try {
    const [top, chosen] = JSON.parse(sessionStorage.getItem(key)) || [0, []];
    for (const b of picks()) b.checked = chosen.includes(b.value);
    count();
    list.scrollTop = top;
  } catch { /* it is a list like any other */ }
}
addEventListener('pageshow', count);
count();
