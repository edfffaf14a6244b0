import assert from 'node:assert/strict'
import { desk, story, telephone } from './house.mjs'

story('a name of three hundred letters breaks no view, on a telephone or at a desk', async (house) => {
  const he = await house.person('he', telephone)
  const chen = await house.person('chen', desk)
  const huang = await house.person('huang', telephone)
  await he.starts('來訪人士接待', {
    來訪人士: { 類別: '個人', 姓名或單位名稱: 'W'.repeat(300) }, 受訪者: { 受訪者類別: '部門', 部門: '財務部' },
  })
  await he.standsAt('ask-department')
  await he.looks('long-case')
  await he.go('我的案件')
  await he.page.getByText('詢問有關部門是否有約').waitFor()
  await he.looks('long-cases')
  for (const person of [huang, chen]) {
    await person.row('詢問有關部門是否有約').waitFor()
    await person.looks('long-inbox')
    await person.opens('詢問有關部門是否有約')
    await person.page.getByText('W'.repeat(300)).waitFor()
    await person.looks('long-task')
    await person.inbox()
  }
  await chen.does('詢問有關部門是否有約', {}, '無約')
  await chen.go('登記冊')
  await chen.page.getByRole('link', { name: /來訪登記冊/ }).click()
  await chen.page.getByRole('cell', { name: 'W'.repeat(300) }).waitFor()
  await chen.looks('long-register')
})

story('of a full inbox one reads each title and how many there are, also in English, and what is said covers nothing',
  async (house) => {
    const he = await house.person('he', telephone)
    const chen = await house.person('chen', { ...telephone, viewport: desk.viewport }) // a tablet
    const huang = await house.person('huang', telephone, 'en-US')
    const api = `${new URL(he.page.url()).origin}/api/v1/procedures/visitor/cases`
    for (let n = 0; n < 12; n++) {
      const values = { visitor: { kind: 'person', name: '歐陽先生' }, host: { kind: 'department', department: 'finance' } }
      const begun = await he.page.request.post(api, { data: { values } })
      assert.ok(begun.ok(), await begun.text())
    }
    const count = huang.page.locator('.places .count').filter({ hasText: /^12$/ })
    await count.waitFor()
    assert.ok((await count.boundingBox()).height < 24, 'the count is on one line')
    const title = await huang.page.locator('.tasks .what b').first().evaluate((b) => b.clientWidth)
    assert.ok(title > 250, `the title has ${title} of 304 pixels`)
    await huang.looks('full-inbox')

    await chen.opens('詢問有關部門是否有約')
    await chen.presses('無約')
    const said = chen.page.locator('.toast:not(.gone)')
    await said.waitFor()
    const [word, view] = [await said.boundingBox(), await chen.page.locator('.view').boundingBox()]
    assert.ok(word.x + word.width <= view.x, 'it is beside the view')
    const icons = await chen.page.locator('.places li .icon').evaluateAll((all) =>
      all.map((e) => Math.round(e.getBoundingClientRect().x)))
    assert.equal(new Set(icons).size, 1, `the places are one below the other: ${icons}`)
    await chen.looks('full-inbox-tablet')
  })
