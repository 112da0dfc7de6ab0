// The whole app by keyboard: / searches, j and k walk over rows, x selects one, g and a letter go somewhere, ? tells.

let going = 0;

document.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest('input:not([type="checkbox"], [type="radio"]), select, textarea, dialog[open]')) return;
  if (Date.now() - going < 1500) {
    going = 0;
    const place = document.querySelector(`.side [data-go="${CSS.escape(event.key)}"], .settings-tabs [data-go="${CSS.escape(event.key)}"]`);
    if (place) return event.preventDefault(), place.click();
  }
  const act = { g: () => { going = Date.now(); }, '/': search, j: () => walk(1), k: () => walk(-1), x: select, '?': help }[event.key];
  if (!act) return;
  event.preventDefault();
  act();
});

function search() {
  const field = document.querySelector('main input[type="search"]');
  if (field) field.focus(), field.select();
  else document.querySelector('.side [data-go="m"]')?.click();
}

function walk(step) {
  const rows = [...document.querySelectorAll('main :is(.row-link, .rows a)')].filter((row) => row.offsetParent);
  const at = rows.findIndex((row) => row === document.activeElement || row.closest('tr')?.contains(document.activeElement));
  rows[at < 0 ? (step > 0 ? 0 : rows.length - 1) : Math.min(Math.max(at + step, 0), rows.length - 1)]?.focus();
}

function select() {
  document.activeElement.closest('tr')?.querySelector('input[type="checkbox"]')?.click();
}

function help() {
  document.getElementById('keyboard-help')?.showModal();
}
