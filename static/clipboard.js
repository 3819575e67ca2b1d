// Copies a text and says so on the button that was pressed.

export async function copyText(text, button, done) {
  const { textContent, ariaLabel } = button
  try {
    await navigator.clipboard.writeText(text)
  } catch { // an old browser, or a frame that may not write there
    return offerText(text, button)
  }
  Object.assign(button, { textContent: done, ariaLabel: done })
  document.getElementById('announcement').textContent = `${done}.`
  setTimeout(() => Object.assign(button, { textContent, ariaLabel }), 2000)
}

function offerText(value, button) {
  let field = button.parentNode.querySelector('.copied')
  if (!field) {
    field = Object.assign(document.createElement('input'), { className: 'copied', readOnly: true, ariaLabel: 'Copy this' })
    button.after(field)
  }
  field.value = value
  field.select()
}
