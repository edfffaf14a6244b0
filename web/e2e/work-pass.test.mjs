import { desk, story, telephone } from './house.mjs'

story('passes are made in English, from the department to the holder', async (house) => {
  const english = 'en-GB'
  const liang = await house.person('liang', telephone, english)
  const chen = await house.person('chen', desk, english)
  const lin = await house.person('lin', telephone, english)
  const zheng = await house.person('zheng', desk, english)
  const cai = await house.person('cai', telephone, english)

  await liang.starts('Work passes for outside contractors', {
    'Department that hands it in': 'Mechanical and electrical',
    Contractor: {
      'Name of the firm': 'Hang Seng Works', 'Responsible person': 'Ho Sir',
      'Telephone of the responsible person': '+853 6666 1234',
    },
    Workers: [
      { Name: 'Wong', 'Identity card number': '110101199003078515', Photograph: 'photo' },
      { Name: 'Cheong', 'Identity card number': '110101199003078515', Photograph: 'photo' },
    ],
    Fee: { 'Handed in with it': '20.00' },
  }, 'Submit', 'Start')
  await chen.opens('Check documents and fee')
  await chen.looks('documents')
  await chen.does('Check documents and fee')
  await chen.does('Ask each department who does it, name a substitute where nobody is there', {
    'Who does it in each department': { Finance: '林淑芬', Security: '鄭勇', Administration: '蔡家豪' },
  })
  await chen.does('Documents and fee to Finance')
  await lin.opens('Take the money, issue receipt and blank passes')
  await lin.fills({
    Fee: { Received: '20.00', 'Receipt number': 'R-001' },
    Workers: [{ 'Pass number': 'P-1' }, { 'Pass number': 'P-2' }],
  })
  await lin.looks('fee')
  await lin.does('Take the money, issue receipt and blank passes')
  await chen.does('Receipt to the applicant, documents to Security',
    { Fee: { 'Receipt signed for by the applicant': 'sign' } })
  await zheng.does('Verify and fill in the passes', {}, 'Verified, passes filled in')
  await chen.does('Stamp them, to Administration')
  await cai.does('Laminate them, back to the front desk')
  await liang.does('Hand to the holder in person', { Workers: { "Holder's signature": 'sign' } })
  await liang.does('Hand to the holder in person', { Workers: { "Holder's signature": 'sign' } })
  await liang.go('My cases')
  await liang.page.getByRole('main').getByRole('link', { name: /GZ\d+-001/ }).click()
  await liang.page.getByText('Passes issued').first().waitFor()
  await liang.looks('passes')
})
