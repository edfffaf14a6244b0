// What a screen reader reads, in its order: Chromium's tree of accessibility of each main view, as an outline of roles,
// names and states. UPDATE=1 writes the outlines anew; whoever changes one reads it as somebody who sees nothing.
import assert from 'node:assert/strict'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { desk, eventually, story, telephone } from './house.mjs'

const folder = join(import.meta.dirname, 'outlines')

// silent are roles that a screen reader says nothing of; what is in them is read.
const silent = new Set(['none', 'generic', 'InlineTextBox', 'LineBreak', 'paragraph', 'LabelText', 'Legend',
  'LayoutTable', 'RootWebArea', 'emphasis', 'strong', 'SvgRoot', 'ListMarker'])
const states = ['checked', 'pressed', 'expanded', 'disabled', 'required', 'invalid']

// outline is what is read, in its order. What differs from day to day is left out.
async function outline(page) {
  const cdp = await page.context().newCDPSession(page)
  const { nodes } = await cdp.send('Accessibility.getFullAXTree')
  await cdp.detach()
  const by = new Map(nodes.map((n) => [n.nodeId, n]))
  const lines = []
  function read(node, depth, said) {
    const role = node.role?.value ?? ''
    const name = (node.name?.value ?? '').replace(/\s+/g, ' ').trim()
    let deeper = depth
    if (!node.ignored && !silent.has(role) && !(role === 'StaticText' && (name === '' || said.includes(name)))) {
      const has = (node.properties ?? [])
        .filter((p) => states.includes(p.name) || p.name === 'level' && role === 'heading')
        .map((p) => [p.name, String(p.value.value)]).filter(([, value]) => value !== 'false')
        .map(([state, value]) => (value === 'true' ? state : `${state} ${value}`))
      lines.push(['  '.repeat(depth), role === 'StaticText' ? 'text' : role, name && ` "${name}"`,
        node.value?.value ? ` = ${node.value.value}` : '',
        node.description?.value ? ` (${node.description.value})` : '',
        has.length > 0 ? ` [${has.join(', ')}]` : ''].join(''))
      deeper++
      if (name && role !== 'StaticText') said = name
    }
    for (const id of node.childIds ?? []) if (by.has(id)) read(by.get(id), deeper, said)
  }
  read(nodes[0], 0, '')
  return lines.join('\n')
    .replace(/\d\d:\d\d (?=前)/g, '00:00 ').replace(/LF\d+-/g, 'LF00000000-')
    .replace(/\d{4}-\d\d-\d\d( \d\d:\d\d|T[\d:.]+Z?)?/g, '0000-00-00').replace(/(不到 )?\d+ (分鐘|秒)(?!之內)/g, '1 分鐘') + '\n'
}

// reads holds what is read, once all of it is there, against what is kept.
async function reads(person, name) {
  const file = join(folder, `${name}.txt`)
  await person.page.locator('.toast.gone').waitFor({ state: 'attached' })
  if (process.env.UPDATE) {
    await person.page.waitForTimeout(2_000)
    await mkdir(folder, { recursive: true })
    await writeFile(file, await outline(person.page))
    return
  }
  const kept = await readFile(file, 'utf8')
  await eventually(async () => {
    assert.equal(await outline(person.page), kept, `what is read of ${name} is another; UPDATE=1 writes it anew`)
  })
}

story('a screen reader is told all that is seen, in its order', async (house) => {
  const he = await house.person('he', telephone)
  const chen = await house.person('chen', desk)
  await he.go('發起')
  await reads(he, 'start')
  await he.page.getByRole('main').getByRole('link', { name: '來訪人士接待' }).click()
  await he.page.getByRole('heading', { level: 1, name: '來訪人士接待' }).waitFor()
  await he.page.getByRole('button', { name: '送出' }).click() // what is missing is said where it is missing
  await he.page.locator('[aria-invalid=true]').first().waitFor()
  await reads(he, 'form')
  await he.starts('來訪人士接待', {
    來訪人士: { 類別: '個人', 姓名或單位名稱: '王小明' }, 受訪者: { 受訪者類別: '部門', 部門: '財務部' },
  })
  await reads(he, 'case')
  await he.go('我的案件')
  await he.page.getByText('詢問有關部門是否有約').waitFor()
  await reads(he, 'cases')

  await chen.row('詢問有關部門是否有約').waitFor()
  await reads(chen, 'inbox')
  await chen.opens('詢問有關部門是否有約')
  await chen.page.getByText('王小明').first().waitFor()
  await reads(chen, 'task')
  await chen.go('登記冊')
  await chen.page.getByRole('link', { name: /來訪登記冊/ }).click()
  await chen.page.getByRole('row').nth(1).waitFor()
  await reads(chen, 'register')
})
