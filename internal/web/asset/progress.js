// What runs in the background shows how far it is: the page is read anew and what differs is put in its place. Focus stays where it is.
const part = ['#bar', '.figures'];
const bar = () => document.querySelector('#bar[data-again]');
const hide = () => bar()?.querySelector('[data-by-hand]')?.setAttribute('hidden', '');
const again = async () => {
  if (!bar()) return;
  try {
    const answer = await fetch(location.href, { credentials: 'same-origin', cache: 'no-store' });
    if (!answer.ok) return;
    const next = new DOMParser().parseFromString(await answer.text(), 'text/html');
    if (!next.querySelector('#bar[data-again]')) { location.reload(); return; } // it is over: the page has other buttons
    for (const p of part) {
      const [a, b] = [document.querySelector(p), next.querySelector(p)];
      if (a && b && !a.contains(document.activeElement)) a.replaceWith(document.adoptNode(b));
    }
    hide();
  } catch { /* away: the next round tries again */ }
  setTimeout(again, 1500);
};
hide();
setTimeout(again, 800);
