// The script of every page with figures.

import { startPage } from './page.js'

startPage({ zoom: node => +getComputedStyle(node).getPropertyValue('--zoom') || 1 })
