// The numbers of a figure as a table, loaded when the first is opened.

const made = (tag, texts) => texts.map(text => Object.assign(document.createElement(tag), { textContent: text }))
const row = nodes => { const line = document.createElement('tr'); line.append(...nodes); return line }
const short = value => typeof value === 'number' && !Number.isInteger(value) ? value.toFixed(4) : value

// table: column -> its values, all of one length.
export function tabulate(place, table) {
  const names = Object.keys(table)
  const body = Object.assign(document.createElement('table'), { className: 'table' })
  const head = row(made('th', names.map(name => name.replaceAll('_', ' '))))
  for (const cell of head.children) cell.scope = 'col'
  body.append(head, ...table[names[0]].map((_, i) => row(made('td', names.map(name => short(table[name][i]))))))
  place.replaceChildren(body)
}
