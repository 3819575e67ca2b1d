// The script of every page with figures.

import { startPage } from './page.js'

const zoomOf = node => +getComputedStyle(node).getPropertyValue('--zoom') || 1
startPage({ zoom: zoomOf })
