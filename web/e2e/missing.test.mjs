import assert from 'node:assert/strict'
import { desk, story, telephone } from './house.mjs'

// The browser complains of the answers that are asked for here, and of nothing else.
function expects(person, ...lines) {
  const said = person.complaints.splice(0)
  for (const line of lines) assert.ok(said.some((one) => line.test(one)), `${line} is not in\n${said.join('\n')}`)
  for (const one of said) assert.ok(/status of \d+/.test(one) || lines.some((line) => line.test(one)), one)
}

story('what is not there says so, and gives a way on', async (house) => {
  const he = await house.person('he', telephone)
  const { page } = he
  const goes = (path) => page.goto(new URL(path, page.url()).href)
  const on = (name) => page.getByRole('main').getByRole('link', { name }).click()

  await goes('/cases/nonsense')
  await page.getByRole('heading', { level: 1, name: '找不到這個案件' }).waitFor()
  await he.looks('case-missing')
  await on('收件匣')
  await page.waitForURL((url) => url.pathname === '/')
  expects(he, /404 GET \S+\/cases\/nonsense/)

  await goes('/registers/visitor/nonsense')
  await page.getByRole('heading', { level: 1, name: '找不到這個登記冊' }).waitFor()
  assert.equal(await page.getByRole('link', { name: 'Excel' }).count(), 0)
  await on('登記冊')
  await page.getByRole('heading', { level: 1, name: '登記冊' }).waitFor()
  expects(he, /404 GET \S+\/registers\/visitor\/nonsense/)

  // What is started by an address that is none, or in a way that is none.
  await goes('/start/nope/0')
  await page.getByRole('heading', { level: 1, name: '沒有這個程序' }).waitFor()
  await on('發起')
  await goes('/start/visitor/7')
  await page.getByRole('heading', { level: 1, name: '這個程序沒有這種發起方式' }).waitFor()
  await he.looks('start-missing')
  await on('發起')
  await page.getByRole('heading', { level: 1, name: '發起' }).waitFor()
  await goes('/start/complaint/0')
  await page.getByRole('heading', { level: 1, name: '您不能發起這個程序' }).waitFor()
  await page.getByText('業戶投訴處理').waitFor()

  // An address that is none has the menu, too.
  await goes('/nowhere')
  await page.getByRole('heading', { level: 1, name: '沒有這個頁面' }).waitFor()
  await he.looks('nowhere')
  await he.go('發起')

  // Whoever opens his own spent link again is in already.
  await page.goto(house.links.he)
  await page.getByRole('status').filter({ hasText: '您已登入：何志強' }).waitFor()
  await page.getByRole('heading', { level: 1, name: '收件匣' }).waitFor()
  expects(he, /410 POST \S+\/sign-in/)
})

story('a line that is cut comes back by itself, and what was filled in is there', async (house) => {
  const he = await house.person('he', telephone)
  const chen = await house.person('chen', desk)
  const cut = (person) => person.page.getByRole('status').filter({ hasText: '連不到伺服器' })
  await he.starts('來訪人士接待', { 來訪人士: { 類別: '個人', 姓名或單位名稱: '王小明' }, 受訪者: { 受訪者類別: '部門', 部門: '財務部' } })
  await chen.opens('詢問有關部門是否有約')
  const done = chen.page.url()
  await chen.presses('有約')

  // Her own task, opened again, says that it is done, and by whom.
  await chen.page.goto(done)
  await chen.page.getByRole('heading', { level: 1, name: '已有人完成' }).waitFor()
  await chen.page.getByText('這項工作已由陳美玲完成').waitFor()
  await chen.looks('task-over')
  await chen.page.getByRole('link', { name: '看這個案件' }).click()
  await chen.page.getByRole('heading', { level: 1, name: /來訪人士接待/ }).waitFor()
  expects(chen, /409 GET \S+\/tasks\//)
  await he.opens('登記放行')

  // The telephone loses the line while somebody presses.
  await he.page.context().setOffline(true)
  await cut(he).waitFor()
  await he.looks('cut')
  await he.page.getByRole('button', { name: '完成' }).click()
  const kept = he.page.getByRole('alert').filter({ hasText: '您填的內容還在' })
  await kept.waitFor()
  assert.equal(await kept.evaluate((e) => { // it is seen, and not below what stays in its place
    const { x, y, width, height } = e.getBoundingClientRect()
    return e.contains(document.elementFromPoint(x + width / 2, y + height / 2))
  }), true)
  await he.page.context().setOffline(false)
  await cut(he).waitFor({ state: 'detached' })
  await he.page.getByRole('alert').waitFor({ state: 'detached' })
  await he.presses('完成')

  // The server ends, and begins anew: what was asked for meanwhile comes by itself.
  await house.end()
  await chen.page.getByRole('navigation').getByRole('link', { name: '登記冊' }).click()
  await cut(chen).waitFor()
  await chen.looks('cut')
  await house.goesOn()
  await chen.page.getByRole('link', { name: /來訪登記冊/ }).waitFor()
  await cut(chen).waitFor({ state: 'detached' })
  for (const person of [he, chen]) {
    for (const one of person.complaints.splice(0)) assert.match(one, /ERR_|503|Unable to preload/)
  }
})
