import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import zopfli from '@gfx/zopfli'

const gzip = (content) => new Promise((resolve, reject) => zopfli.gzip(content, { numiterations: 15 }, (error, packed) => (error ? reject(error) : resolve(packed))))

/** Compresses each built file into a folder, as it goes over the wire: 3 % smaller than gzip at its best. Who packs again what is the same, writes nothing. */
export async function pack(from, to) {
  mkdirSync(to, { recursive: true })
  const sizes = {}
  for (const name of readdirSync(from)) {
    const content = readFileSync(`${from}/${name}`)
    const target = `${to}/${name}.gz`
    if (!existsSync(target) || !gunzipSync(readFileSync(target)).equals(content)) writeFileSync(target, await gzip(content))
    sizes[name] = readFileSync(target).length
  }
  for (const name of readdirSync(to)) if (!(name.slice(0, -3) in sizes)) rmSync(`${to}/${name}`)
  return sizes
}
