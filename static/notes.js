// Notes and references, where the reader is: beside the text in a wide window, else in a popover on hover, focus and tap.
// The notes themselves stand at the end of the page, and need no script.

const WIDE = matchMedia('(min-width: 1180px)')
const article = document.querySelector('article')
const references = [...document.querySelectorAll('[data-note]')]

const wordsOf = reference => {
  const note = document.getElementById(reference.dataset.note)
  if (!note) return null
  const words = document.createDocumentFragment()
  words.append(...note.cloneNode(true).childNodes)
  for (const node of words.querySelectorAll('[role=doc-backlink]')) node.remove()
  for (const node of words.querySelectorAll('[id]')) node.removeAttribute('id')
  return words
}

// --- the popover: one at a time; it stays while the pointer is on it; Esc and a press elsewhere close it ---

const box = Object.assign(document.createElement('div'), { className: 'note', popover: 'manual' })
box.setAttribute('role', 'note')
box.tabIndex = -1
let opener = null
let closing = 0
let closed = false

function open(reference) {
  clearTimeout(closing)
  if (opener === reference && box.matches(':popover-open')) return
  const words = wordsOf(reference)
  if (!words) return
  const inside = box.contains(reference) // a note within a note takes its place, when it is pressed
  box.replaceChildren(words)
  if (inside) box.focus()
  else {
    opener = reference
    reference.after(box) // the next Tab goes into the note; moving it has closed it
    box.showPopover()
  }
  put()
}

function put() {
  const at = opener.getBoundingClientRect()
  const { offsetWidth: width, offsetHeight: height } = box
  const below = at.bottom + height + 8 < innerHeight || at.top < height + 8
  box.style.left = `${Math.max(12, Math.min(at.left - 24, document.documentElement.clientWidth - width - 12))}px`
  box.style.top = `${below ? at.bottom + 6 : at.top - height - 6}px`
}

const close = () => { closing = setTimeout(() => box.matches(':popover-open') && box.hidePopover(), 250) }
const sideOf = reference => document.querySelector(`[data-side="${reference.dataset.note}"]`)
const beside = reference => !box.contains(reference) && sideOf(reference)

function meet(event, how) {
  const reference = event.target.closest?.('[data-note]')
  if (!reference || (how !== 'press' && box.contains(reference))) return false
  if (beside(reference)) {
    sideOf(reference)?.classList.toggle('lit', how !== 'leave')
    if (how === 'press') sideOf(reference)?.scrollIntoView({ block: 'nearest' })
  } else if (how === 'leave') close()
  else open(reference)
  return true
}

document.addEventListener('pointerover', event => {
  if (event.pointerType !== 'mouse') return
  if (box.contains(event.target)) clearTimeout(closing)
  meet(event, 'over')
})
document.addEventListener('pointerout', event => {
  if (event.pointerType !== 'mouse' || event.target.closest?.('[data-note], .note') == null) return
  if (!meet(event, 'leave') && box.contains(event.target)) close()
})
document.addEventListener('focusin', event => {
  if (box.contains(event.target)) clearTimeout(closing)
  else if (event.target.matches(':focus-visible') && !closed) meet(event, 'over')
})
document.addEventListener('focusout', event => {
  if (event.relatedTarget && box.contains(event.relatedTarget)) return
  if (box.contains(event.target)) close()
  else meet(event, 'leave')
})
document.addEventListener('click', event => {
  if (meet(event, 'press')) event.preventDefault()
})
document.addEventListener('keydown', event => {
  if (event.key !== 'Escape' || !box.matches(':popover-open')) return
  const inside = box.contains(document.activeElement)
  box.hidePopover()
  closed = true // the focus that comes back is not a wish to read it again
  if (inside) opener.focus()
  closed = false
})
document.addEventListener('pointerdown', event => {
  if (box.matches(':popover-open') && !box.contains(event.target) && !event.target.closest?.('[data-note]')) box.hidePopover()
})
addEventListener('scroll', () => box.matches(':popover-open') && put(), { passive: true })

// --- side notes: each beside its reference, moved down where the one before needs the room ---

function setBeside() {
  for (const old of document.querySelectorAll('.sidenote')) old.remove()
  document.body.classList.toggle('with-sidenotes', WIDE.matches)
  if (!WIDE.matches || !article) return
  const top = article.getBoundingClientRect().top
  const done = new Set()
  let free = 0
  for (const reference of references) {
    if (!reference.matches('article > :not(section) .footnote-ref, article > :not(section).footnote-ref') || done.has(reference.dataset.note)) continue
    done.add(reference.dataset.note)
    const side = Object.assign(document.createElement('aside'), { className: 'sidenote' })
    side.dataset.side = reference.dataset.note
    const number = Object.assign(document.createElement('span'), { className: 'number', textContent: reference.textContent })
    const words = wordsOf(reference)
    if (!words) continue
    side.append(number, words)
    side.setAttribute('aria-label', `Note ${reference.textContent}`)
    reference.closest('article > *').after(side)
    free = Math.max(reference.getBoundingClientRect().top - top, free)
    side.style.top = `${free}px`
    free += side.offsetHeight + 12
  }
}

if (article) {
  let height = 0
  new ResizeObserver(() => {
    if (Math.abs(article.offsetHeight - height) < 2) return
    height = article.offsetHeight
    setBeside()
  }).observe(article)
  WIDE.addEventListener('change', setBeside)
}
