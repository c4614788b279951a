// Offers people while a caller's name is typed: a datalist, so the browser's own list, keys and voice. Without it the name is read
// when the form is sent.
for (const box of document.querySelectorAll('[data-callers]')) {
  const field = box.querySelector('input');
  const list = box.querySelector('datalist');
  if (!field || !list) continue;
  list.id = field.id + '-list';
  field.setAttribute('list', list.id);
  let timer, asked = '';
  const ask = async () => {
    const q = field.value.trim();
    if (q.length < 2 || q === asked || q.endsWith('>')) return;
    asked = q;
    try {
      const answer = await fetch(box.dataset.callers + '?q=' + encodeURIComponent(q), { credentials: 'same-origin', headers: { Accept: 'application/json' } });
      if (!answer.ok || asked !== q) return;
      const { items } = await answer.json();
      list.replaceChildren(...items.map(i => Object.assign(document.createElement('option'), { value: i.value, label: i.label })));
    } catch { /* away: the name is read when the form is sent */ }
  };
  field.addEventListener('input', () => { clearTimeout(timer); timer = setTimeout(ask, 120); });
  if (!field.value) field.focus();
}
