import assert from 'node:assert/strict'
import { story, telephone } from './house.mjs'

story('a page acts for whoever opened it, though others sign in and out at the same browser', async (house) => {
  const he = await house.person('he', telephone)
  const ma = await house.person('ma')
  await he.go('發起')
  await he.page.getByRole('main').getByRole('link', { name: '來訪人士接待' }).click()
  await he.fills({ 來訪人士: { 類別: '個人', 姓名或單位名稱: '王小明' }, 受訪者: { 受訪者類別: '部門', 部門: '財務部' } })

  const other = await he.page.context().newPage()
  await other.goto(house.links.luo)
  await other.waitForURL((url) => url.pathname === '/')
  const notice = he.page.locator('.seat')
  await he.page.getByRole('button', { name: '送出' }).click()
  await notice.getByText('這個瀏覽器後來由羅偉登入').waitFor()
  await he.looks('seat-other')
  await other.getByRole('link', { name: '我的案件' }).click()
  await other.getByRole('heading', { level: 1, name: '我的案件' }).waitFor()
  await other.locator('.empty').waitFor() // nothing was begun in his name

  // Nor does the other find on a page of his own what was about to be sent.
  await other.getByRole('link', { name: '發起' }).click()
  await other.getByRole('main').getByRole('link', { name: '來訪人士接待' }).click()
  assert.equal(await other.getByLabel('姓名或單位名稱').first().inputValue(), '')

  await other.locator('.account summary').click()
  await other.getByRole('button', { name: '登出' }).click()
  await other.waitForURL(/sign-in/)
  await he.page.getByRole('button', { name: '送出' }).click()
  await notice.getByText('請先用登入連結登入').waitFor()
  await he.looks('seat-nobody')

  // He signs in by a new link, and goes on where he was.
  const link = await ma.page.request.post(new URL('/api/v1/people/he/link', ma.page.url()).href, { data: {} })
  await notice.getByRole('link', { name: '登入' }).click()
  await he.page.getByLabel('登入連結').fill((await link.json()).token)
  await he.page.getByRole('button', { name: '登入' }).click()
  await he.page.getByRole('heading', { level: 1, name: '來訪人士接待' }).waitFor()
  await he.presses('送出')
  await he.page.getByText(/LF\d+-001/).first().waitFor()
  await he.page.getByText('王小明').first().waitFor()

  const said = he.complaints.splice(0).join('\n')
  assert.match(said, /409 POST/)
  assert.match(said, /401 POST/)
  assert.doesNotMatch(said, /policy|Error/)
})
