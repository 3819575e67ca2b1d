// The numbers of a figure as a table. Loaded when the first table is opened.

const cells = (tag, texts) => texts.map(text => Object.assign(document.createElement(tag), { textContent: text }))

function row(nodes) {
  const line = document.createElement('tr')
  line.append(...nodes)
  return line
}

export const shorten = value => typeof value === 'number' && !Number.isInteger(value) ? value.toFixed(4) : value

// table: column -> its values, all columns of one length.
export function showTable(container, table) {
  const names = Object.keys(table)
  const node = Object.assign(document.createElement('table'), { className: 'table' })
  const head = row(cells('th', names.map(name => name.replaceAll('_', ' '))))
  for (const cell of head.children) cell.scope = 'col'
  node.append(head, ...table[names[0]].map((_, i) => row(cells('td', names.map(name => shorten(table[name][i]))))))
  container.replaceChildren(node)
}
