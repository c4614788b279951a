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
addEventListener('pageshow', count); // the browser may bring choices back
count();
