// The menu of a figure: every format of the state on screen, in the chosen colours. Loaded when a menu is first opened.

import { copyText } from './clipboard.js'

const COLOURS = {
  'light colours': '',
  'on white': '_background=white',
  'dark colours': '_theme=dark',
  'no background, for light slides': '_background=transparent',
  'no background, for dark slides': '_theme=dark&_background=transparent',
}
const PICTURES = ['svg', 'png', 'pdf']
const FILMS = [['GIF', 'gif'], ['MP4', 'mp4'], ['WebM', 'webm']]
const DRAWN = [...PICTURES, 'pptx']

const data = id => JSON.parse(document.getElementById(id).textContent)
const group = (name, ...content) => make('div', {}, make('dt', { textContent: name }), make('dd', {}, ...content))

function make(tag, properties, ...content) {
  const node = Object.assign(document.createElement(tag), properties)
  node.append(...content)
  return node
}

export function joinQuery(...parts) {
  const query = parts.filter(Boolean).join('&')
  return query && `?${query}`
}

// What the address of the page says about a figure: the parameters that differ from their defaults.
export function stateOf(names, search) {
  const query = new URLSearchParams(search)
  return names.filter(name => query.has(name)).map(name => `${name}=${encodeURIComponent(query.get(name))}`).join('&')
}

// Figures under another path are of a reader's own table: of them there are neither films nor code for other pages.
const isPublic = () => document.body.dataset.figures === '/figures'
const pathTo = figure => `${document.body.dataset.figures}/${figure.dataset.figure}`
const namesOf = figure => figure.dataset.parameters.split(' ')
const currentState = figure => stateOf(namesOf(figure), location.search)

function updateLinks(menu, figure, colours) {
  for (const link of menu.querySelectorAll('a[data-kind]')) {
    const { kind, look } = link.dataset
    const theme = PICTURES.includes(kind) ? colours.value : FILMS.some(([, film]) => film === kind) && colours.value.includes('dark') && '_theme=dark'
    link.href = `${pathTo(figure)}.${kind}${joinQuery(currentState(figure), look, theme, '_download=1')}`
  }
  for (const link of menu.querySelectorAll('a.page')) link.href = pathTo(figure) + joinQuery(currentState(figure))
}

// The sliders of a figure that have a meaning in this state.
function activeSliders(figure) {
  const parameters = data('parameters')
  const query = new URLSearchParams(location.search)
  const isActive = ({ only }) => !only || (query.get(only[0]) ?? parameters[only[0]].default) === only[1]
  return namesOf(figure).filter(name => parameters[name]?.kind === 'range' && isActive(parameters[name])).map(name => [name, parameters[name].label])
}

// An animation runs over one slider: over one that was moved, if any was, else over one that the figure shows.
function animation(figure, sliders, offer) {
  const query = new URLSearchParams(location.search)
  const select = make('select', { ariaLabel: 'What moves in the film' }, ...sliders.map(([name, label]) => new Option(label, name)))
  const names = sliders.map(([name]) => name)
  select.value = names.find(name => query.has(name)) ?? names.find(name => figure.querySelector(`[data-parameter="${name}"]`)) ?? names[0]
  const films = FILMS.map(([label, kind]) => offer([label, kind, `vary=${select.value}`]))
  select.addEventListener('change', () => films.forEach(film => { film.dataset.look = `vary=${select.value}` }))
  return group('Film of', select, ...films)
}

// The formats of this figure: no table where it has none, no picture where it draws none.
function offersOf(figure) {
  const has = kind => kind === 'csv' ? figure.querySelector('.numbers') : !DRAWN.includes(kind) || figure.querySelector('.picture')
  const offer = ([label, kind, look]) => {
    const link = make('a', { textContent: label })
    Object.assign(link.dataset, { kind, look })
    return link
  }
  const groups = data('menu').map(([name, offers]) => [name, offers.filter(([, kind]) => has(kind))]).filter(([, offers]) => offers.length)
  const list = make('dl', { className: 'offers' }, ...groups.map(([name, offers]) => group(name, ...offers.map(offer))))
  const sliders = activeSliders(figure)
  if (isPublic() && has('svg') && sliders.length) list.children[0].after(animation(figure, sliders, offer))
  return list
}

function embedCode(figure, title, colours) {
  const theme = colours.dataset.chosen && `theme=${colours.value.includes('dark') ? 'dark' : 'light'}`
  const address = `${location.origin}/embed/${figure.dataset.figure}${joinQuery(currentState(figure), theme)}`.replaceAll('&', '&amp;')
  const height = figure.offsetHeight - figure.querySelector('.about').offsetHeight + 120
  const frame = `<iframe src="${address}" title="${title.replaceAll('"', '&quot;')}" width="100%" height="${height}" loading="lazy"></iframe>`
  return `${frame}\n<script src="${location.origin}/static/embed.js"></script>`
}

function embedButton(figure, title, colours) {
  const button = make('button', { type: 'button', textContent: 'Copy embed code' })
  button.addEventListener('click', () => copyText(embedCode(figure, title, colours), button, 'Embed code copied'))
  return button
}

export function openMenu(menu) {
  if (menu.dataset.isBuilt) return
  menu.dataset.isBuilt = true
  const figure = menu.closest('.figure')
  const summary = menu.querySelector('summary')
  const title = summary.querySelector('.spoken').textContent.slice(2)
  const colours = make('select', { ariaLabel: 'Colours of the pictures' }, ...Object.entries(COLOURS).map(([label, value]) => new Option(label, value)))
  if (matchMedia('(prefers-color-scheme: dark)').matches) colours.value = COLOURS['dark colours']
  if (!menu.querySelector('.offers')) summary.after(offersOf(figure))
  const offers = menu.querySelector('.offers')
  if (isPublic()) offers.prepend(group('Live', embedButton(figure, title, colours)))
  offers.querySelector('[data-kind=svg]')?.closest('div').after(group('Colours', colours))
  const update = () => updateLinks(menu, figure, colours)
  colours.addEventListener('change', () => { colours.dataset.chosen = true })
  menu.addEventListener('change', update)
  for (const kind of ['click', 'focusin', 'pointerover', 'pointerdown']) menu.addEventListener(kind, update, true)
  menu.addEventListener('keydown', event => {
    if (event.key !== 'Escape') return
    menu.open = false
    summary.focus()
  })
  update()
}

for (const menu of globalThis.document?.querySelectorAll('.take[open]') ?? []) openMenu(menu) // a page that shows it at once
