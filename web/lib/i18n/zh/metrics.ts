// Names and definitions of figures, for column headers and the notes behind them. The formulas are
// those of the metric dictionary; a formula that changes there changes here in the same commit.
export const metrics = {
  // Short, for a column; the full name stands in the note behind it.
  names: {
    visits: '到店',
    identified_rate: '识别率',
    visitors: '访客',
    new: '新客',
    returning: '回头客',
    active: '活跃顾客',
    tag_coverage: '标签覆盖',
    spend_per_visit: '客单价',
    returning_here: '此前来过',
    repeat_visits: '再次到店',
    spend_per_identified: '每次识别到店消费',
  },
  parts: { formula: '公式', unit: '单位', window: '时间', notes: '边界' },
  percentagePoints: '个百分点',
  definitions: {
    visits: {
      formula: '有效到店次数 = 已识别到店 + 散客计数',
      unit: '次',
      window: '本期内门店营业日',
      notes:
        '同一顾客在同一门店 30 分钟内再次到店算一次；带原始小票号的不合并；已撤销的不计。各店可相加。',
    },
    identified_rate: {
      formula: '已识别到店 ÷（已识别到店 + 散客计数）',
      unit: '%，差值为百分点',
      window: '本期内有散客计数的营业日',
      notes: '没有散客计数的日子不参与计算，不当作 100%；整期没有计数则为“暂无数据”。',
    },
    visitors: {
      formula: '本期在此范围内到过店的不同顾客数',
      unit: '人',
      window: '本期',
      notes:
        '各店相加不等于大区或全连锁：同一顾客到过两家店，各店各算一人，全连锁只算一人。每个范围各自去重。',
    },
    new: {
      formula: '全连锁首次有效到店落在本期的顾客数',
      unit: '人，按归属门店',
      window: '本期',
      notes: '导入的历史决定首次日期；只建档未到店的不算新客；迟到的数据会更正所属时段。可相加。',
    },
    returning: {
      formula: '本期到过店、且本期之前也到过店的不同顾客数',
      unit: '人，按归属门店',
      window: '本期，到店不限门店',
      notes:
        '新客在本期内再次到店仍算新客；换了归属门店的顾客，算在其本期首次到店当天的归属门店。可相加。',
    },
    active: {
      formula: '期末前 {activity} 天内至少到店一次的顾客数',
      unit: '人，按归属门店',
      window: '截至本期最后一天的 {activity} 天',
      notes: '每位顾客只有一个归属门店，因此可相加；最后一次到店满 {activity} 天当日起不再活跃。',
    },
    tag_coverage: {
      formula: '在必填标签组中至少有一个有效标签的活跃顾客 ÷ 活跃顾客',
      unit: '%，按归属门店；差值为百分点',
      window: '期末',
      notes: '只看第一个必填标签组；没有活跃顾客则为“暂无数据”。',
    },
    spend_per_visit: {
      formula: '净销售额 ÷ 有销售额的到店次数',
      unit: '门店币种',
      window: '本期',
      notes:
        '退款冲减退款当期；没有金额的到店不进分母；金额以录入或导入为准。不同币种的金额不相加：大区或全连锁各店币种不同时为“暂无数据”，同类比较只在同币种门店之间进行。',
    },
    returning_here: {
      formula: '本期访客中，本期之前就来过同一范围的人数',
      unit: '人',
      window: '本期',
      notes:
        '门店看是否来过这家店，大区和全连锁看是否来过其中任何一家。只去过别店的不算在内；“回头客”把他们算在归属门店。各店不可相加。',
    },
    repeat_visits: {
      formula: '已识别到店次数 − 每位顾客首次来到此范围的那一次',
      unit: '次',
      window: '本期',
      notes:
        '新客在本期内的第二次到店算再次到店，但这位顾客不算回头客。门店以首次来这家店为准，全连锁以首次来任何一家店为准。各店不可相加。',
    },
    spend_per_identified: {
      formula: '净销售额 ÷ 已识别到店次数',
      unit: '门店币种',
      window: '本期',
      notes: '没有金额的到店也在分母里，所以不会高于客单价。退款与币种的处理同客单价。',
    },
  },
}
