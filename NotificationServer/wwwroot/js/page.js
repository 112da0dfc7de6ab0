// Every page: ids that copy themselves, and times that stay true.

for (const button of document.querySelectorAll('[data-copy]')) button.hidden = !navigator.clipboard;

document.addEventListener('click', async (event) => {
  const button = event.target.closest('[data-copy]');
  if (!button) return;
  await navigator.clipboard.writeText(button.previousElementSibling.textContent);
  button.dataset.copied = '';
  setTimeout(() => delete button.dataset.copied, 1200);
});

const number = new Intl.NumberFormat('en');
const exact = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'long' });

// The same words as Words.Ago on the server.
export function ago(at, now = Date.now()) {
  const seconds = Math.trunc((now - at) / 1000);
  const size = Math.abs(seconds);
  if (size < 5) return 'just now';
  const age = size < 60 ? `${size} s`
    : size < 3600 ? `${Math.trunc(size / 60)} min`
    : size < 172800 ? `${Math.trunc(size / 3600)} h`
    : `${number.format(Math.trunc(size / 86400))} days`;
  return seconds < 0 ? `in ${age}` : `${age} ago`;
}

export function tellTimes(root = document) {
  for (const time of root.querySelectorAll('time[datetime]')) {
    const at = new Date(time.dateTime);
    const words = ago(at.getTime());
    if (time.textContent !== words) time.textContent = words;
    time.title = exact.format(at);
  }
}

tellTimes();
setInterval(() => document.hidden || tellTimes(), 5000);
document.addEventListener('visibilitychange', () => document.hidden || tellTimes());
