// Footnotes and references beside the text in a wide window, else in a popover on hover, focus and tap. The notes themselves
// stand at the end of the page and need no script.

const wide = matchMedia('(min-width: 73.75em)')
const article = document.querySelector('article')
const CLOSE_DELAY = 250 // milliseconds, for the pointer to reach the popover

// A copy of the note that a reference points to, without its link back.
function contentOf(reference) {
  const note = document.getElementById(reference.dataset.note)
  if (!note) return null
  const content = document.createDocumentFragment()
  content.append(...note.cloneNode(true).childNodes)
  for (const node of content.querySelectorAll('[role=doc-backlink]')) node.remove()
  for (const node of content.querySelectorAll('[id]')) node.removeAttribute('id')
  return content
}

// --- the popover: one at a time ---

const popover = Object.assign(document.createElement('div'), { className: 'note', popover: 'manual', tabIndex: -1 })
popover.setAttribute('role', 'note')
let opener = null
let closeTimer = 0
let isRestoringFocus = false

const isOpen = () => popover.matches(':popover-open')

function open(reference) {
  clearTimeout(closeTimer)
  if (opener === reference && isOpen()) return
  const content = contentOf(reference)
  if (!content) return
  const isInside = popover.contains(reference) // a note within a note takes its place
  popover.replaceChildren(content)
  if (isInside) popover.focus()
  else {
    opener = reference
    reference.after(popover) // so that the next Tab goes into the note; moving it has closed it
    popover.showPopover()
  }
  position()
}

function position() {
  const { left, top, bottom } = opener.getBoundingClientRect()
  const { offsetWidth: width, offsetHeight: height } = popover
  const fitsBelow = bottom + height + 8 < innerHeight || top < height + 8
  popover.style.left = `${Math.max(12, Math.min(left - 24, document.documentElement.clientWidth - width - 12))}px`
  popover.style.top = `${fitsBelow ? bottom + 6 : top - height - 6}px`
}

function closeSoon() {
  closeTimer = setTimeout(() => isOpen() && popover.hidePopover(), CLOSE_DELAY)
}

const sidenoteOf = reference => popover.contains(reference) ? null : document.querySelector(`[data-side="${reference.dataset.note}"]`)

// True where the target is a reference, whose note is then shown, or hidden when the pointer leaves.
function react(target, action) {
  const reference = target.closest?.('[data-note]')
  if (!reference || (action !== 'press' && popover.contains(reference))) return false
  const side = sidenoteOf(reference)
  if (side) {
    side.classList.toggle('lit', action !== 'leave')
    if (action === 'press') side.scrollIntoView({ block: 'nearest' })
  } else if (action === 'leave') closeSoon()
  else open(reference)
  return true
}

document.addEventListener('pointerover', ({ target, pointerType }) => {
  if (pointerType !== 'mouse') return
  if (popover.contains(target)) clearTimeout(closeTimer)
  react(target, 'enter')
})
document.addEventListener('pointerout', ({ target, pointerType }) => {
  if (pointerType === 'mouse' && !react(target, 'leave') && popover.contains(target)) closeSoon()
})
document.addEventListener('focusin', ({ target }) => {
  if (popover.contains(target)) clearTimeout(closeTimer)
  else if (target.matches(':focus-visible') && !isRestoringFocus) react(target, 'enter')
})
document.addEventListener('focusout', ({ target, relatedTarget }) => {
  if (relatedTarget && popover.contains(relatedTarget)) return
  if (popover.contains(target)) closeSoon()
  else react(target, 'leave')
})
document.addEventListener('click', event => {
  if (react(event.target, 'press')) event.preventDefault()
})
document.addEventListener('keydown', event => {
  if (event.key !== 'Escape' || !isOpen()) return
  const hadFocus = popover.contains(document.activeElement)
  popover.hidePopover()
  isRestoringFocus = true // the focus that comes back must not open the note again
  if (hadFocus) opener.focus()
  isRestoringFocus = false
})
document.addEventListener('pointerdown', ({ target }) => {
  if (isOpen() && !popover.contains(target) && !target.closest?.('[data-note]')) popover.hidePopover()
})
addEventListener('scroll', () => isOpen() && position(), { passive: true })

// --- side notes: each beside its first reference, or below the note before it ---

const GAP = 12 // pixels between two notes, and between a note and a wide figure

function placeSidenotes() {
  for (const old of document.querySelectorAll('.sidenote')) old.remove()
  document.body.classList.toggle('with-sidenotes', wide.matches)
  if (!wide.matches) return
  const articleTop = article.getBoundingClientRect().top
  const placed = new Set()
  let free = 0
  for (const reference of document.querySelectorAll('[data-note]')) {
    const { note } = reference.dataset
    const isShown = reference.matches('article .footnote-ref') && reference.checkVisibility() // not in a fold that is closed
    const content = isShown && !placed.has(note) && contentOf(reference)
    if (!content) continue
    placed.add(note)
    const side = sidenote(reference, content)
    const top = besideFigures(reference.getBoundingClientRect().top - articleTop, free, side.offsetHeight)
    side.style.top = `${top}px`
    free = top + side.offsetHeight + GAP
  }
}

// Where a note stands that must not lie on a figure which is wider than the text: above it, or else below it.
function besideFigures(wished, free, height) {
  let top = Math.max(wished, free)
  for (const figure of article.querySelectorAll('.figure.wide')) {
    const start = figure.offsetTop - GAP
    const end = figure.offsetTop + figure.offsetHeight + GAP
    if (figure.offsetWidth <= article.offsetWidth || top + height <= start || top >= end) continue
    top = start - height >= free ? start - height : end
  }
  return top
}

function sidenote(reference, content) {
  const side = Object.assign(document.createElement('aside'), { className: 'sidenote', ariaLabel: `Note ${reference.textContent}` })
  side.dataset.side = reference.dataset.note
  side.append(Object.assign(document.createElement('span'), { className: 'number', textContent: reference.textContent }), content)
  reference.closest('article > *').after(side)
  return side
}

if (article) {
  let height = 0
  new ResizeObserver(() => {
    if (Math.abs(article.offsetHeight - height) < 2) return
    height = article.offsetHeight
    placeSidenotes()
  }).observe(article)
  wide.addEventListener('change', placeSidenotes)
}
