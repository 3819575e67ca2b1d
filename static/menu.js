// The menu of a figure, loaded when one is first opened: every form of the state on screen, in the chosen colours.

const LOOKS = { 'light colours': '', 'on white': '_background=white', 'dark colours': '_theme=dark', 'no background, for light slides': '_background=transparent', 'no background, for dark slides': '_theme=dark&_background=transparent' }
const make = (tag, properties, ...inside) => { const node = Object.assign(document.createElement(tag), properties); node.append(...inside); return node }
const joined = (...parts) => { const query = parts.filter(Boolean).join('&'); return query && `?${query}` }

// What the page's address says of this figure: it holds what differs from the defaults.
function stateOf(figure) {
  const given = new URLSearchParams(location.search)
  return figure.dataset.parameters.split(' ').filter(name => given.has(name)).map(name => `${name}=${encodeURIComponent(given.get(name))}`).join('&')
}

function refer(menu, figure, look) {
  const picture = ['svg', 'png', 'pdf']
  for (const link of menu.querySelectorAll('a[data-kind]')) {
    const { kind, look: own } = link.dataset
    link.href = `/figures/${figure.dataset.figure}.${kind}${joined(stateOf(figure), own, picture.includes(kind) && look.value, '_download=1')}`
  }
}

async function copy(text, line, told) {
  try {
    await navigator.clipboard.writeText(text)
    line.textContent = told
  } catch { // an old browser, or a frame that may not write there
    const field = make('input', { className: 'copied', value: text, readOnly: true, ariaLabel: 'Copy this' })
    line.replaceChildren('Copy this: ', field)
    field.select()
  }
}

export function open(menu) {
  const figure = menu.closest('.figure')
  const name = figure.dataset.figure
  if (!menu.querySelector('select')) {
    const look = make('select', {}, ...Object.entries(LOOKS).map(([told, value]) => new Option(told, value)))
    if (matchMedia('(prefers-color-scheme: dark)').matches) look.value = LOOKS['dark colours']
    const line = make('p', { className: 'told', role: 'status' })
    const state = () => joined(stateOf(figure))
    const link = make('button', { type: 'button', textContent: 'Copy link', onclick: () => copy(`${location.origin}${location.pathname}${state()}#${figure.id}`, line, 'The link to this state is copied.') })
    const code = () => `<iframe src="${location.origin}/embed/${name}${state().replaceAll('&', '&amp;')}" width="100%" height="${figure.offsetHeight + 60}" loading="lazy"></iframe>\n<script src="${location.origin}/static/embed.js"></script>`
    const embed = make('button', { type: 'button', textContent: 'Copy embed code', onclick: () => copy(code(), line, 'The code that embeds this state is copied.') })
    menu.querySelector('.offers').before(make('p', { className: 'copies' }, link, embed))
    menu.append(make('label', {}, 'Pictures in ', look), line)
    const follow = () => refer(menu, figure, look)
    look.addEventListener('change', follow)
    for (const kind of ['click', 'focusin', 'pointerover', 'pointerdown']) menu.addEventListener(kind, follow, true)
    menu.addEventListener('keydown', event => {
      if (event.key !== 'Escape') return
      menu.open = false
      menu.querySelector('summary').focus()
    })
    follow()
  }
}
