// Takes the README's pictures anew: node e2e/pictures.mjs, in web, after make build. Look at them before you keep them.
import { join, resolve } from 'node:path'
import { desk, open, telephone } from './house.mjs'

const folder = resolve(import.meta.dirname, '../../docs/images')
const house = await open()
const wide = { viewport: { ...desk.viewport, height: 800 } }
const he = await house.person('he', { ...telephone, deviceScaleFactor: 1 })
const chen = await house.person('chen', wide)

// take shows the view anew, without what was announced, and waits for all of it.
async function take(person, name, ready, size) {
  if (size) await person.page.setViewportSize(size)
  await person.page.reload()
  await ready()
  await person.page.screenshot({ path: join(folder, `${name}.png`) })
}

try {
  for (const 姓名或單位名稱 of ['王小明', '李女士']) {
    await he.starts('來訪人士接待', {
      來訪人士: { 類別: '個人', 姓名或單位名稱 }, 受訪者: { 受訪者類別: '部門', 部門: '財務部' },
    })
  }
  await chen.starts('業戶投訴處理', {
    業戶: { 姓名: '陳先生', 單元號: 'A12-0803' }, 反映之問題: { 投訴方式: '電話', 問題: '廚房水管漏水，地板發霉' },
  })
  await chen.inbox()
  await chen.row('向業戶複述並確認問題').waitFor()
  await take(chen, 'inbox', () => chen.row('詢問有關部門是否有約').nth(1).waitFor())

  await chen.row('詢問有關部門是否有約').filter({ hasText: '王小明' }).click()
  await chen.page.waitForURL(/tasks/)
  await take(chen, 'task', () => chen.page.getByRole('button', { name: '有約', exact: true }).waitFor())
  const theCase = await chen.page.getByRole('link', { name: /^LF/ }).getAttribute('href')
  await chen.presses('有約')

  await he.opens('登記放行')
  await take(he, 'telephone', () => he.page.getByRole('button', { name: '完成' }).waitFor())

  await chen.page.goto(new URL(theCase, chen.page.url()).href)
  await take(chen, 'case', () => chen.standsAt('admit'), { width: 1600, height: 1300 })
} finally {
  await house.close()
}
