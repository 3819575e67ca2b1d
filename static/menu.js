// The menu of a figure, loaded when one is first opened: every form of the state on screen, in the chosen colours.

const LOOKS = { 'light colours': '', 'on white': '_background=white', 'dark colours': '_theme=dark', 'no background, for light slides': '_background=transparent', 'no background, for dark slides': '_theme=dark&_background=transparent' }
const PICTURES = ['svg', 'png', 'pdf']
const data = id => JSON.parse(document.getElementById(id).textContent)
const make = (tag, properties, ...inside) => { const node = Object.assign(document.createElement(tag), properties); node.append(...inside); return node }
const joined = (...parts) => { const query = parts.filter(Boolean).join('&'); return query && `?${query}` }
const group = (name, ...inside) => make('div', {}, make('dt', { textContent: name }), make('dd', {}, ...inside))

// What the page's address says of this figure: it holds what differs from the defaults.
function stateOf(figure) {
  const given = new URLSearchParams(location.search)
  return figure.dataset.parameters.split(' ').filter(name => given.has(name)).map(name => `${name}=${encodeURIComponent(given.get(name))}`).join('&')
}

function refer(menu, figure, look) {
  const name = figure.dataset.figure
  for (const link of menu.querySelectorAll('a[data-kind]')) {
    const { kind, look: own } = link.dataset
    const colours = PICTURES.includes(kind) ? look.value : kind === 'gif' && look.value.includes('dark') && '_theme=dark'
    link.href = `/figures/${name}.${kind}${joined(stateOf(figure), own, colours, '_download=1')}`
  }
  for (const link of menu.querySelectorAll('a.page')) link.href = `/figures/${name}${joined(stateOf(figure))}`
}

async function copy(text, line, told) {
  line.textContent = '' // so that the same words are said again
  try {
    await navigator.clipboard.writeText(text)
    line.textContent = told
  } catch { // an old browser, or a frame that may not write there
    const field = make('input', { className: 'copied', value: text, readOnly: true, ariaLabel: 'Copy this' })
    line.replaceChildren('Copy this: ', field)
    field.select()
  }
}

// The sliders that say something in this state.
function sliders(figure) {
  const [declared, given] = [data('parameters'), new URLSearchParams(location.search)]
  const holds = ([name, value]) => (given.get(name) ?? declared[name].default) === value
  return Object.entries(declared).filter(([name, { kind, only }]) => kind === 'range' && figure.dataset.parameters.split(' ').includes(name) && (!only || holds(only)))
}

// A film goes over one slider: over one that was moved, if any was.
function film(figure, moving, link) {
  const choice = make('select', { ariaLabel: 'What moves in the film' }, ...moving.map(([name, { label }]) => new Option(label, name)))
  choice.value = (moving.find(([name]) => new URLSearchParams(location.search).has(name)) ?? moving.find(([name]) => figure.querySelector(`[data-parameter="${name}"]`)) ?? moving[0])[0]
  const gif = link(['GIF', 'gif', `vary=${choice.value}`])
  choice.addEventListener('change', () => { gif.dataset.look = `vary=${choice.value}` })
  return group('Film of', choice, gif)
}

// What the figure can be had as; it has no table where it offers none.
function entries(figure) {
  const has = kind => kind === 'csv' ? figure.querySelector('.numbers') : PICTURES.includes(kind) ? figure.querySelector('.picture') : true
  const link = ([label, kind, look]) => { const node = make('a', { textContent: label }); Object.assign(node.dataset, { kind, look }); return node }
  const groups = data('menu').map(([name, offers]) => [name, offers.filter(([, kind]) => has(kind))])
  const list = make('dl', { className: 'offers' }, ...groups.filter(([, offers]) => offers.length).map(([name, offers]) => group(name, ...offers.map(link))))
  const moving = sliders(figure)
  if (has('svg') && moving.length) list.children[0].after(film(figure, moving, link))
  return list
}

function embedCode(figure, title, look) {
  const theme = look.dataset.chosen && `theme=${look.value.includes('dark') ? 'dark' : 'light'}`
  const address = `${location.origin}/embed/${figure.dataset.figure}${joined(stateOf(figure), theme)}`.replaceAll('&', '&amp;')
  const about = figure.querySelector('.about')
  return `<iframe src="${address}" title="${title.replaceAll('"', '&quot;')}" width="100%" height="${figure.offsetHeight - about.offsetHeight + 120}" loading="lazy"></iframe>\n<script src="${location.origin}/static/embed.js"></script>`
}

export function open(menu) {
  if (menu.querySelector('.told')) return
  const figure = menu.closest('.figure')
  const title = menu.querySelector('summary .spoken').textContent.slice(2)
  const look = make('select', { ariaLabel: 'Colours of the pictures' }, ...Object.entries(LOOKS).map(([told, value]) => new Option(told, value)))
  if (matchMedia('(prefers-color-scheme: dark)').matches) look.value = LOOKS['dark colours']
  const line = make('p', { className: 'told', role: 'status' })
  const button = (textContent, text, told) => make('button', { type: 'button', textContent, onclick: () => copy(text(), line, told) })
  const here = document.body.classList.contains('embed') ? `/embed/${figure.dataset.figure}` : location.pathname
  const link = button('Copy link', () => `${location.origin}${here}${joined(stateOf(figure))}#${figure.id}`, 'The link to this state is copied.')
  const embed = button('Copy embed code', () => embedCode(figure, title, look), 'The code that embeds this state is copied.')
  if (!menu.querySelector('.offers')) menu.querySelector('summary').after(entries(figure))
  const offers = menu.querySelector('.offers')
  offers.prepend(group('Live', link, embed))
  offers.querySelector('[data-kind=svg]')?.closest('div').after(group('Colours', look))
  offers.after(line)
  const follow = () => refer(menu, figure, look)
  look.addEventListener('change', () => { look.dataset.chosen = 1 })
  menu.addEventListener('change', follow)
  for (const kind of ['click', 'focusin', 'pointerover', 'pointerdown']) menu.addEventListener(kind, follow, true)
  menu.addEventListener('keydown', event => {
    if (event.key !== 'Escape') return
    menu.open = false
    menu.querySelector('summary').focus()
  })
  follow()
}

for (const menu of document.querySelectorAll('.take[open]')) open(menu) // on a page that shows it from the first
