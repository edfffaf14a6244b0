import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { desk, story, telephone } from './house.mjs'

story('what one may start, where it stands, and a register: sorted, filtered, taken along, printed', async (house) => {
  const he = await house.person('he', telephone)
  const chen = await house.person('chen', desk)

  // The start page says what each procedure is for, and what will be asked.
  await he.go('發起')
  const visitor = he.page.getByRole('main').getByRole('listitem').filter({ hasText: '來訪人士接待' })
  assert.match(await visitor.innerText(), /訪.*。[\s\S]*須填：來訪人士、受訪者/)
  await he.looks('start')

  // What a check of the form may want is not called optional; what it then wants is said beside it.
  await visitor.getByRole('link').click()
  await he.fills({ 來訪人士: { 類別: '車輛', 姓名或單位名稱: '速遞' }, 受訪者: { 受訪者類別: '部門', 部門: '財務部' } })
  await he.page.getByText('車牌 （視情況填寫）').waitFor()
  await he.page.getByRole('button', { name: '送出' }).click()
  await he.page.locator('.fault').filter({ hasText: '車輛須記車牌' }).waitFor()
  await he.looks('start-form')

  const begin = (name) => he.starts('來訪人士接待', {
    來訪人士: { 類別: '個人', 姓名或單位名稱: name }, 受訪者: { 受訪者類別: '部門', 部門: '財務部' },
  })
  await begin('王小明')
  await begin('歐陽先生')

  // My cases say where each stands and who has it; those who have it can be urged from there.
  await he.go('我的案件')
  const mine = he.page.getByRole('main').getByRole('listitem').filter({ hasText: '王小明' })
  await mine.getByText('詢問有關部門是否有約').waitFor()
  await mine.filter({ hasText: '客服部' }).waitFor()
  await mine.getByRole('button', { name: /^催辦/ }).click()
  await he.page.getByRole('status').filter({ hasText: '已催辦' }).waitFor()
  await he.looks('cases-standing')

  // What was opened beside a view folds when one goes on.
  await chen.page.locator('.account summary').click()
  await chen.page.getByRole('button', { name: '登出' }).waitFor()
  await chen.go('登記冊')
  assert.equal(await chen.page.getByRole('button', { name: '登出' }).isVisible(), false)
  await chen.page.getByRole('link', { name: /來訪登記冊/ }).click()
  const lines = chen.page.getByRole('row')
  await lines.nth(2).waitFor()
  assert.equal(await lines.count(), 3) // its head, and two
  await chen.looks('register')

  await chen.page.getByRole('button', { name: '姓名或單位名稱' }).click()
  await chen.page.getByRole('columnheader', { name: '姓名或單位名稱' })
    .and(chen.page.locator('[aria-sort=ascending]')).waitFor()
  await chen.page.waitForURL(/sort=name/)
  const first = await lines.nth(1).innerText()
  await chen.page.getByRole('button', { name: '姓名或單位名稱' }).click()
  await chen.page.locator('[aria-sort=descending]').waitFor()
  await chen.page.waitForFunction((was) => document.querySelectorAll('tr')[1].innerText !== was, first)

  // It is narrowed by several columns at once, which stay in the address; a text is found by how it begins.
  await chen.page.getByRole('combobox').selectOption({ label: '姓名或單位名稱' })
  await chen.page.getByRole('searchbox').fill('王')
  await lines.nth(2).waitFor({ state: 'detached' })
  await lines.nth(1).filter({ hasText: '王小明' }).waitFor()
  await chen.page.getByRole('combobox').last().selectOption({ label: '狀態' })
  await chen.page.getByRole('searchbox').last().fill('已放行')
  await chen.page.getByText('沒有資料').waitFor()
  await chen.page.reload()
  await chen.page.getByText('沒有資料').waitFor()
  await chen.page.getByRole('searchbox').last().fill('辦理中')
  await lines.nth(1).filter({ hasText: '王小明' }).waitFor()
  await he.page.goto(chen.page.url())
  for (const person of [chen, he]) {
    await person.page.getByRole('row').nth(1).filter({ hasText: '王小明' }).waitFor()
    await person.looks('register-narrowed')
  }

  // What is taken along is what is shown.
  const taken = async (name) => {
    const link = chen.page.getByRole('link', { name })
    const [download] = await Promise.all([chen.page.waitForEvent('download'), link.click()])
    return { name: download.suggestedFilename(), body: await readFile(await download.path()) }
  }
  const csv = await taken('CSV')
  assert.match(csv.name, /來訪登記冊.*\.csv$/)
  assert.match(csv.body.toString(), /王小明/)
  assert.doesNotMatch(csv.body.toString(), /歐陽/)
  const excel = await taken('Excel')
  assert.match(excel.name, /\.xlsx$/)
  assert.equal(excel.body.subarray(0, 2).toString(), 'PK')

  // What is wider than its place says so, and moves by buttons.
  await chen.page.setViewportSize({ width: 900, height: 700 })
  const right = chen.page.getByRole('button', { name: '看右邊的欄' })
  await right.waitFor()
  await chen.looks('register-wide')
  await right.click()
  await chen.page.locator('.edge.left:not(.right)').waitFor()
  assert.equal(await right.isDisabled(), true)
  await chen.page.getByRole('button', { name: '看左邊的欄' }).click()
  await chen.page.locator('.edge.right:not(.left)').waitFor()
  await chen.page.setViewportSize(desk.viewport)
  await right.waitFor({ state: 'detached' })

  // On paper stand the title and the table, and nothing that one presses.
  await chen.page.emulateMedia({ media: 'print' })
  await chen.page.getByRole('heading', { name: '來訪登記冊' }).waitFor()
  assert.equal(await chen.page.getByRole('button', { name: '列印' }).isVisible(), false)
  assert.equal(await chen.page.getByRole('combobox').first().isVisible(), false)
  assert.equal(await chen.page.getByRole('navigation').first().isVisible(), false)
  await chen.paper('register')
  await chen.page.emulateMedia({ media: 'screen' })
  await chen.page.getByRole('link', { name: /^LF/ }).click()
  await chen.page.getByRole('heading', { level: 1, name: /^LF/ }).waitFor()
})
