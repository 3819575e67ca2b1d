// The address holds the state, with one history entry for each gesture: Back undoes it and Forward repeats it.

import { debounce } from './timing.js'

const SAME_KEYS = 1000 // milliseconds: presses of keys on one control within this time are one gesture

export function trackHistory(store) {
  const isFramed = window.parent !== window // the Back button belongs to the page around the frame
  let isNewGesture = false
  let lastKey = { target: null, time: 0 }

  const write = debounce(() => {
    const query = store.query(location.search)
    const search = query && `?${query}`
    if (search === location.search) return
    const address = location.pathname + search + location.hash
    if (isNewGesture && !isFramed) history.pushState(null, '', address)
    else history.replaceState(null, '', address)
    isNewGesture = false
  }, 150)

  function beginGesture() {
    write.flush()
    isNewGesture = true
  }

  store.subscribe(write)
  const changing = '.picture, .control, .folded, [data-parameter], [data-set], [data-plays], [data-reset]'
  const changesState = target => target.closest?.(changing)
  document.addEventListener('pointerdown', ({ target }) => { if (changesState(target)) beginGesture() }, true)
  document.addEventListener('keydown', ({ target, timeStamp }) => {
    if (!changesState(target)) return
    if (target !== lastKey.target || timeStamp - lastKey.time > SAME_KEYS) beginGesture()
    lastKey = { target, time: timeStamp }
  }, true)

  addEventListener('popstate', () => {
    write.cancel()
    isNewGesture = false
    store.set(store.parse(location.search))
  })
}
