import { takeDrops } from './drop.js'

takeDrops('form.open')
