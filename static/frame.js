// In a frame: tells the page around it how high the figure is, at once and whenever that changes.

const root = document.querySelector('main')
let told = 0

function tell() {
  const height = Math.ceil(root.getBoundingClientRect().height)
  if (!height || height === told) return
  told = height
  parent.postMessage({ type: 'infodecomp:height', height }, '*')
}

tell() // a browser lets the observers of a frame that is out of sight sleep
new ResizeObserver(tell).observe(root)
