// What one may do with a whole case, and what an administrator repairs: possible acts are buttons, the others stand
// there with their reason, and what takes something back shows first what comes of it.
import assert from 'node:assert/strict'
import { asks, desk, eventually, story, telephone, yard } from './house.mjs'

async function looksAtCase(person, number = 'XC0001') {
  await person.page.goto(new URL(`/cases/${number}`, person.page.url()).href)
  await person.page.getByRole('heading', { level: 1 }).waitFor()
}

// isRefused: each of the acts stands among those that are not possible, with its reason.
async function isRefused(person, summary, ...acts) {
  const list = person.page.locator('.acts details').filter({ hasText: summary }).last()
  if (await list.getAttribute('open') === null) await list.locator('summary').click()
  for (const act of acts) await eventually(async () => assert.match(await list.innerText(), act))
}

story('a case is copied, stopped, taken up, mended by an administrator, and cancelled', async (house) => {
  const chen = await house.person('chen', desk)
  const he = await house.person('he', telephone)
  const luo = await house.person('luo', telephone)
  const fang = await house.person('fang', telephone, 'zh-CN')
  await chen.starts('巡查', { 地點: '碼頭', 緊急: '否', 巡查點: ['東門', '西門', '南門'].map((x) => ({ 名稱: x })) })

  // She copies it to somebody who has nothing to do with it; he finds it among his copies.
  await looksAtCase(chen)
  let dialog = await asks(chen, '抄送', 'copy')
  await dialog.getByLabel(/羅偉/).check()
  await dialog.getByLabel('備註').fill('請留意碼頭')
  await dialog.getByRole('button', { name: '抄送' }).click()
  await chen.isTold('已完成：抄送')
  await luo.page.goto(new URL('/copies', luo.page.url()).href)
  await luo.page.getByText('請留意碼頭').waitFor()
  await luo.looks('copies')
  await looksAtCase(chen)
  await chen.page.getByRole('listitem').filter({ hasText: '羅偉' }).getByText('未閱').waitFor()
  await luo.page.getByText('請留意碼頭').click()
  await luo.page.getByRole('heading', { level: 1 }).filter({ hasText: 'XC0001' }).waitFor()
  await looksAtCase(chen)
  await chen.page.getByRole('listitem').filter({ hasText: '羅偉' }).getByText('已閱').waitFor()

  // What she may not do has its reason.
  await isRefused(chen, '現在不能做的', /掛起\s+\S+/, /改到別的步驟\s+\S+/)
  await chen.looks('case-acts')

  // The chief stops it, on a telephone and in the other script; the guard is told why he cannot go on.
  await looksAtCase(fang)
  dialog = await asks(fang, '挂起', 'suspend')
  await dialog.getByLabel('原因').fill('颱風')
  await dialog.getByRole('button', { name: '挂起' }).click()
  await fang.isTold('已完成：挂起')
  await fang.page.getByText('已挂起').first().waitFor()
  await isRefused(fang, '现在不能做的', /改到别的步骤/)
  dialog = await asks(fang, '恢复', 'resume')
  await dialog.getByRole('button', { name: '恢复' }).click()
  await fang.isTold('已完成：恢复')

  // One spot is skipped, the rest is not waited for any more: what comes of it is shown first.
  dialog = await asks(fang, '略过步骤', 'skip')
  await dialog.getByLabel('逐點巡查 第 1 项：東門').check()
  await dialog.getByText('这样做的结果').waitFor()
  await dialog.getByRole('button', { name: '略过步骤' }).click()
  await fang.isTold('已完成：略过步骤')
  await chen.page.reload()
  dialog = await asks(chen, '提前結束', 'finish-rows')
  await dialog.getByText('會收回的步驟').waitFor()
  await eventually(async () => // each by its row, the step around them by none
    assert.deepEqual(await dialog.locator('.preview li').allInnerTexts(),
      ['逐點巡查 第 2 項：西門', '逐點巡查 第 3 項：南門', '覆核']))
  await dialog.getByRole('button', { name: '提前結束' }).click()
  await he.page.getByText('沒有待辦事項').waitFor()

  // He leads it past the check, straight to his own signature.
  await fang.page.reload()
  dialog = await asks(fang, '改到别的步骤', 'jump')
  await dialog.getByLabel('覆核').check()
  await dialog.getByLabel('改到').selectOption({ label: '主管簽署' })
  await dialog.getByText('会打开的步骤').waitFor()
  await dialog.getByLabel('原因').fill('已在現場覆核')
  await fang.looks('jump-chosen')
  await dialog.getByRole('button', { name: '改到别的步骤' }).click()
  await fang.isTold('已完成：改到别的步骤')
  await fang.opens('主管簽署')
  await fang.page.getByRole('heading', { name: '整个案件' }).waitFor()
  await fang.looks('task-acts')
}, yard)

story('a case is cancelled in English: what would be gone is shown, and it needs a reason', async (house) => {
  const chen = await house.person('chen', desk, 'en-GB')
  const he = await house.person('he', telephone)
  const fang = await house.person('fang', desk, 'en-GB') // who began it could revoke it; the chief cancels
  await chen.starts('巡查', { 地點: '碼頭', 緊急: 'No', 巡查點: [{ 名稱: '東門' }] }, 'Submit', 'Start')
  await he.row('逐點巡查').waitFor()
  await looksAtCase(chen)
  await fang.page.goto(chen.page.url())
  const dialog = await asks(fang, 'Cancel the case', 'cancel')
  await dialog.getByText('Open steps that would be withdrawn').waitFor()
  await dialog.getByText('The case would end.').waitFor()
  await dialog.getByRole('button', { name: 'Cancel the case' }).click()
  assert.equal(await dialog.getByLabel('Reason').evaluate((e) => e.matches(':invalid')), true)
  await dialog.getByLabel('Reason').fill('a mistake')
  await dialog.getByRole('button', { name: 'Cancel the case' }).click()
  await fang.isTold('Done: Cancel the case')
  await fang.page.getByText('Cancelled').first().waitFor()
  await he.row('逐點巡查').waitFor({ state: 'detached' })
  await isRefused(fang, 'What is not possible now', /Cancel the case\s+\S+/)
  await fang.looks('case-cancelled')
}, yard)

story('an administrator fills in what a skipped step would have, and tries again what found nobody', async (house) => {
  const chen = await house.person('chen', desk)
  const fang = await house.person('fang', telephone)
  await chen.starts('借用', { 物品: '梯子' })
  await looksAtCase(fang, 'JY0001')
  const dialog = await asks(fang, '略過步驟', 'skip-step')
  const does = dialog.getByRole('button', { name: '略過步驟' })
  await dialog.getByRole('radio', { name: '可借', exact: true }).check()
  await fang.fills({ 數量: '0' }, dialog)
  await dialog.locator('.entry').filter({ hasText: '數量' }).locator('.fault').waitFor()
  await fang.looks('skip-wrong')
  await does.click()
  await fang.page.locator('input:focus[aria-invalid=true]').waitFor()
  for (const one of fang.complaints.splice(0)) assert.match(one, /422/) // what is wrong is found by trying it
  await fang.fills({ 數量: '2', 歸還日期: '2030-01-31' }, dialog)
  await dialog.getByText('會打開的步驟').waitFor()
  await fang.looks('skip-filled')
  await does.click()
  await fang.isTold('已完成：略過步驟')

  // Nobody keeps the store yet: it stands still, and says so. When somebody does, it is tried again.
  await fang.page.locator('.standing .bad').getByText('沒有人可以辦理').waitFor()
  await fang.looks('incident')
  const keeps = await fang.page.request.put(new URL('/api/v1/people/luo', fang.page.url()).href,
    { data: { name: '羅偉', posts: ['guard', 'keeper'] } })
  assert.ok(keeps.ok(), String(keeps.status()))
  await fang.page.getByRole('button', { name: '重試「交付」' }).click()
  await fang.isTold('已完成：重試「交付」')
  await fang.page.locator('.standing .bad').waitFor({ state: 'detached' })
  const luo = await house.person('luo', telephone)
  await luo.opens('交付')
  await luo.page.getByText('2030').first().waitFor() // what was filled in with the skip
  await luo.presses(/^完成/)
}, yard)

story('on a case one button leads on: to the task that is yours, not to those you only watch over', async (house) => {
  const chen = await house.person('chen', desk)
  const he = await house.person('he', telephone)
  const fang = await house.person('fang', desk)
  await chen.starts('巡查', { 地點: '碼頭', 緊急: '否', 巡查點: ['東門', '西門'].map((x) => ({ 名稱: x })) })
  const opens = (person) => person.page.locator('.standing').getByRole('link', { name: /^打開/ })
  const strong = (person) => person.page.locator('main .button.primary').allInnerTexts()
  for (const [person, links, one] of [[he, 2, 1], [fang, 2, 0], [chen, 0, 0]]) {
    await looksAtCase(person)
    await person.page.locator('.standing').getByText('西門').waitFor()
    await eventually(async () => assert.equal(await opens(person).count(), links))
    assert.equal((await strong(person)).length, one, person.id)
    await person.looks('case-standing')
  }

  // What he has taken up comes before what nobody has.
  await opens(he).last().click()
  await he.page.getByRole('button', { name: '接手', exact: true }).click()
  await he.page.getByRole('button', { name: '放回', exact: true }).waitFor()
  await looksAtCase(he)
  await he.page.locator('.standing').getByText('何志強').waitFor()
  const held = he.page.locator('.standing li').filter({ hasText: '何志強' })
  assert.equal(await held.locator('.button.primary').count(), 1)
  assert.equal((await strong(he)).length, 1)
}, yard)
