"""Every code a problem can have, with one example message as it is printed.

Codes are stable: a code is never given a second meaning, and one that is no longer needed is not used again. E1xx are
problems of the file and its sheets, E2xx of single cells, E3xx across rows and sheets, E4xx of scenarios and changes;
W5xx are warnings and do not stop a run.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Code:
    """One kind of problem.

    Attributes:
        code: what the message starts with.
        title: what is wrong, in a few words.
        example: a whole message, exactly as it is printed.
        remedy: what to do about it.
    """

    code: str
    title: str
    example: str
    remedy: str


_ALL: tuple[Code, ...] = (
    # E1xx: the file and its sheets.
    Code(
        "E101",
        "the input was not found",
        "E101 workbook: 'my.xlsx' was not found; the input is an Excel workbook or a folder of CSV files; check "
        "the path; run.py --template makes a blank workbook",
        "Check the path.",
    ),
    Code(
        "E102",
        "not an Excel workbook, or a damaged one",
        "E102 workbook: 'my.xlsx' cannot be read as an Excel workbook; the input is an .xlsx "
        "workbook or a folder of CSV files; open it in Excel or LibreOffice and save it as 'Excel workbook "
        "(.xlsx)'",
        "Open it in Excel or LibreOffice and save it as .xlsx; if neither can, go back to an earlier copy.",
    ),
    Code(
        "E103",
        "a workbook with a password",
        "E103 workbook: 'my.xlsx' is protected by a password; an encrypted workbook cannot be read; in Excel: "
        "File, Info, Protect Workbook, Encrypt with Password, clear the password and save",
        "Remove the password; lodeplan cannot ask for it.",
    ),
    Code(
        "E104",
        "another file format",
        "E104 workbook: 'my.xls' is not an .xlsx workbook; the input is an .xlsx workbook or a folder of CSV "
        "files; save it as 'Excel workbook (.xlsx)'",
        "Save it as .xlsx, or every sheet as CSV in one folder.",
    ),
    Code(
        "E105",
        "the file cannot be opened",
        "E105 workbook: 'my.xlsx' cannot be opened (Permission denied); the file must be readable; close it in "
        "other programs, or ask for the right to read it",
        "Close it in other programs; on a shared drive, ask for the right to read it.",
    ),
    Code(
        "E106",
        "a folder without CSV files",
        "E106 workbook: the folder 'my' holds no CSV file; a folder holds one CSV file for each sheet, such as "
        "facilities.csv; check the path; the sheets are listed in inputs/README.md",
        "Name the folder that holds facilities.csv and the others.",
    ),
    Code(
        "E107",
        "a CSV file that is not text",
        "E107 routes: the file is not text; a CSV file is plain text, one record a line; save the sheet as 'CSV UTF-8'",
        "Save the sheet again as 'CSV UTF-8'.",
    ),
    Code(
        "E108",
        "a sheet is missing",
        "E108 demand: the sheet 'demand' is missing; a plan needs the sheets settings, regions, stages, "
        "minerals, materials, demand, facilities; add it; its columns are segment, material, region, "
        "shortage_cost_usd_per_t, scenario, active, source, source_costs, note",
        "Add the sheet; the blank workbook has all of them.",
    ),
    Code(
        "E109",
        "an unknown sheet",
        "E109 Route: the sheet 'Route' is not known; sheets have the names in inputs/README.md; those that start "
        "with '_' are ignored; did you mean 'routes'? rename the sheet, or put '_' before its name",
        "Correct its name; '_' before the name keeps it as a sheet of your own.",
    ),
    Code(
        "E110",
        "no row of keys",
        "E110 routes: no row of column keys was found in the first 30 rows; one row holds the keys of the "
        "columns, and the data stands below it; write the keys in row 4: from_region, to_region, material, "
        "freight_usd_per_t, tariff, capacity_tpa, flow_tpa, growth, start_tpa, decay, switching_usd_per_t, "
        "scenario, active, source, source_costs, note",
        "Copy the row of keys from the blank workbook.",
    ),
    Code(
        "E111",
        "an unknown column",
        "E111 facilities!E1 (capacity): the column 'capacity' is not known; facilities has the columns in "
        "inputs/README.md; those that start with '_' are ignored; did you mean 'capacity_tpa'?",
        "Correct its key; '_' before the key keeps it as a column of your own.",
    ),
    Code(
        "E112",
        "a column is missing",
        "E112 facilities (output): the column output is missing; facilities needs it: its main output; add the "
        "key output in row 1 and fill in the column",
        "Add the column.",
    ),
    Code(
        "E113",
        "a repeated key",
        "E113 prices!C1 (2026): the key 2026 stands here a second time; column B has this key already; delete "
        "one of the columns, or put '_' before its key",
        "Keep one of the two columns.",
    ),
    Code(
        "E114",
        "data in a column without a key",
        "E114 prices!E3: 'see sheet 2' stands in a column without a key; every column with data has a key in row "
        "1; write a key in E1 ('_...' for a column of your own), or clear the column",
        "Give the column a key, or clear it.",
    ),
    Code(
        "E115",
        "merged cells",
        "E115 facilities!D2: the cells D2:D3 are merged; every record needs cells of its own; unmerge them and "
        "fill in each cell",
        "Unmerge them: only the first of merged cells keeps its value.",
    ),
    Code(
        "E116",
        "a different unit",
        "E116 demand!D1 (2026): the unit 'kt/yr'; the numbers are in t/yr; multiply the numbers by 1000 and "
        "write t/yr here",
        "Convert the numbers by the factor, then correct the unit.",
    ),
    Code(
        "E117",
        "an unknown unit",
        "E117 demand!D1 (2026): the unit 'barrels' is not known; the numbers are in t/yr; put the numbers in "
        "t/yr and write t/yr here",
        "Give the numbers in the required unit.",
    ),
    Code(
        "E118",
        "an unknown setting",
        "E118 settings!A2 (setting): 'titel'; settings have the names in inputs/README.md; did you mean 'title'?",
        "Correct its name, or delete the row.",
    ),
    Code(
        "E119",
        "a setting is missing",
        "E119 settings (setting): the setting last_year is missing; a plan needs it: last year of the plan; add "
        "a row with last_year and its value",
        "Add it.",
    ),
    Code(
        "E120",
        "two CSV files for one sheet",
        "E120 demand: the files 'demand.CSV' and 'demand.csv' hold the same sheet; a folder holds one CSV file "
        "for each sheet; delete one of them, or rename it to start with '_'",
        "Delete one of the two files, or put '_' before its name.",
    ),
    Code(
        "E121",
        "the strict form of .xlsx",
        "E121 workbook: 'my.xlsx' is a 'Strict Open XML Spreadsheet'; the strict form of the format is not read; save "
        "it as 'Excel workbook (.xlsx)', the first of that ending in the list",
        "Save it as 'Excel workbook (.xlsx)', which is another entry of the same list.",
    ),
    Code(
        "E122",
        "a workbook that is too large",
        "E122 workbook: 'my.xlsx' unpacks to 300 MB; a workbook of up to 250 MB is read; delete rows and sheets "
        "that are not needed; in a copy, paste the values alone into the template",
        "Delete rows and sheets that are not needed, or paste the values alone into the template.",
    ),
    # E2xx: cells.
    Code(
        "E201",
        "a required cell is blank",
        "E201 regions!C4 (standing): the cell is blank; standing is required; type one of home, partner, "
        "concern, other",
        "Fill it in, or set the row's active to no.",
    ),
    Code(
        "E202",
        "text in a number cell",
        "E202 demand!E3 (2028): the text '1,200'; demand is a number (t/yr); type 1200 (no thousands separators)",
        "Type a plain number with a decimal point, without separators, units or percent signs.",
    ),
    Code(
        "E203",
        "a number out of bounds",
        "E203 facilities!K2 (hurdle_rate): the number 8; hurdle_rate must be from 0 to 1; type a number from 0 "
        "to 1; for 8 percent type 0.08",
        "Check the unit: shares are from 0 to 1, not percent.",
    ),
    Code(
        "E204",
        "not a whole number",
        "E204 facilities!F2 (lead_time_years): the number 1.5; lead_time_years is a whole number; type 2, or "
        "another one",
        "Type a whole number.",
    ),
    Code(
        "E205",
        "an Excel error",
        "E205 facilities!G3 (capex_usd_per_tpa): the Excel error #REF!; a cell must have a value; correct the "
        "formula, or replace it by its value",
        "Correct the formula: Excel could not calculate it.",
    ),
    Code(
        "E206",
        "a formula without a value",
        "E206 facilities!E3 (capacity_tpa): the formula '=C7*1000' has no saved value; formulas are read by the "
        "value that was saved with them; open the workbook in Excel or LibreOffice, let it calculate, and save it",
        "Programs that write workbooks leave formulas without values; Excel and LibreOffice save them.",
    ),
    Code(
        "E207",
        "a date",
        "E207 prices!B2 (2026): the date or time 2026-03-01; dates are not accepted here; set the format of the cell "
        "to 'General' and type the number again",
        "Excel turns some numbers and words into dates; set the format of the cell to General or Text first.",
    ),
    Code(
        "E208",
        "TRUE or FALSE in a number cell",
        "E208 facilities!E2 (capacity_tpa): the truth value TRUE; capacity_tpa is a number; type a number at least 0",
        "Type a number.",
    ),
    Code(
        "E209",
        "neither yes nor no",
        "E209 facilities!J2 (commercial): 'maybe'; commercial is yes or no; type yes or no",
        "Type yes or no; TRUE and FALSE are also accepted.",
    ),
    Code(
        "E210",
        "not one of the choices",
        "E210 regions!C3 (standing): 'partnre'; standing is one of home, partner, concern, other; did you mean "
        "'partner'?",
        "Choose from the drop-down list.",
    ),
    Code(
        "E211",
        "not an identifier",
        "E211 minerals!A2 (mineral): 'NdPr (oxide)'; an identifier has only small letters, digits and "
        "underscores; type 'ndpr_oxide'",
        "Keep to letters, digits and underscores; the column name takes any text.",
    ),
    Code(
        "E212",
        "none where a number is required",
        "E212 demand!D2 (2026): the word 'none'; demand must be a number: none (no limit) is not allowed; type a "
        "number at least 0",
        "Type a number.",
    ),
    Code(
        "E213",
        "* where a name is required",
        "E213 demand!C2 (region): '*'; region cannot be '*' (all); type the name of a row of regions",
        "Type a name; * is only allowed alone.",
    ),
    Code(
        "E214",
        "a list where one name is required",
        "E214 recipes!B2 (material): the list 'ndpr_concentrate, ndpr_oxide'; material must be one name from "
        "materials; use one row for each name",
        "Use one row for each name.",
    ),
    Code(
        "E215",
        "a row without a year",
        "E215 support_budgets!C2 (2026): no year has a value; a row needs the value of at least one year; fill in a "
        "year, set active to no, or delete the row",
        "Give a number for at least one year: it holds for all.",
    ),
    Code(
        "E216",
        "a repeated key",
        "E216 prices!A3 (material): 'ndpr_concentrate' stands in row 2 already; every row has a key of its own; "
        "delete one of the two rows, change its key, or set its active to no",
        "Keep one of the two rows.",
    ),
    Code(
        "E217",
        "not a finite number",
        "E217 facilities!E2 (capacity_tpa): 'inf'; capacity_tpa is a finite number; type a number at least 0",
        "Type a number; none stands for no limit where that is allowed.",
    ),
    Code(
        "E218",
        "a list without an entry",
        "E218 support_offers!C2 (materials): the text ';'; materials is a list, and a list has at least one entry; "
        "clear the cell (blank means *) or type the name of a row of materials",
        "Clear the cell, or type at least one entry.",
    ),
    Code(
        "E230",
        "a dot that may separate thousands",
        "E230 demand!D2 (2026): the number 1.500 in a file separated by semicolons; it may be 1500 (a dot "
        "between thousands) or 1.5; type 1500, or 1.5000 if the dot is a decimal point",
        "Type the number without separators; or with a trailing zero where the dot is a decimal point.",
    ),
    Code(
        "E231",
        "a comma that may be a decimal comma",
        "E231 settings!B7 (value): '0,02'; it may be one number with a decimal comma, or a list of two; type "
        "0.02 for the number, or 0; 02 for the list",
        "Type one number with a decimal point, or separate the list with semicolons.",
    ),
    Code(
        "E232",
        "a number that is too large",
        "E232 facilities!E2 (capacity_tpa): the number 1e+24; no amount is above 1e+15; check the number and its unit",
        "Check the number and its unit; `none` stands for no limit where that is allowed.",
    ),
    # E3xx: across rows and sheets.
    Code(
        "E311",
        "a name that was not found",
        "E311 facilities!C2 (output): 'ndpr_concentrat' was not found; output must be one of the names in the "
        "sheet materials; did you mean 'ndpr_concentrate'?",
        "Correct the name, or add a row with it to the sheet it refers to.",
    ),
    Code(
        "E312",
        "a cap on an unknown segment",
        "E312 exposure_caps!C2 (segment): 'defense' was not found; segment must be one of the segments in the sheet "
        "demand, or * for all; did you mean 'defence'?",
        "Use a segment of the sheet demand, or * for all.",
    ),
    Code(
        "E313",
        "a plan that ends before it starts",
        "E313 settings!B4 (value): last_year 2025 is before first_year 2026; a plan has at least one year; correct "
        "first_year or last_year",
        "Correct the settings first_year and last_year.",
    ),
    Code(
        "E314",
        "a plan of more than 100 years",
        "E314 settings!B4 (value): 2026 to 2126 is 101 years; a plan has at most 100 years; correct first_year or "
        "last_year",
        "Correct the settings first_year and last_year.",
    ),
    Code(
        "E315",
        "no home region, or more than one",
        "E315 regions!C3 (standing): 'USA', 'PTN' are home; exactly one region is home; give one region the standing "
        "home, and no other",
        "Give one region the standing home, in every year.",
    ),
    Code(
        "E316",
        "shocks that are too probable",
        "E316 scenarios!E4 (probability): the probabilities of 'ban', 'war' add up to 1.2; together they are at most "
        "1, the rest is no shock; lower them, or set run to no for some",
        "Lower the probabilities: the rest up to 1 is the case of no shock.",
    ),
    Code(
        "E317",
        "a market facility with inputs",
        "E317 recipes!B4 (material): 'ndpr_concentrate' is an input of 'china_market', whose cost_basis is market; a "
        "market facility has no inputs: its price covers them; delete the row, or set cost_basis to cost",
        "Delete the recipe rows, or give the facility its own costs.",
    ),
    Code(
        "E318",
        "a market facility with fixed cost or capex",
        "E318 facilities!H6 (fixed_usd_per_tpa_year): 500 with cost_basis market; a market facility has no fixed cost "
        "and no capex; clear the cell, or set cost_basis to cost",
        "Clear the cells, or give the facility its own costs.",
    ),
    Code(
        "E319",
        "a substitution facility with a recipe",
        "E319 recipes!A4 (facility): 'thrift' is a substitution facility; it saves demand and has no recipe; delete "
        "the row, or give the facility another kind",
        "Delete the recipe rows: substitution only saves demand.",
    ),
    Code(
        "E320",
        "a recipe with the facility's own output",
        "E320 recipes!B4 (material): 'ndpr_oxide' is the output of 'partner_refinery' too; a recipe lists what comes "
        "beside the main output; delete the row, and give net amounts in the others",
        "Delete the row and give the net amounts of the others.",
    ),
    Code(
        "E321",
        "a material that goes in and comes out",
        "E321 recipes!B4 (material): 'ndpr_concentrate' is an input and a coproduct of 'partner_refinery'; a material "
        "is one or the other; keep one row with the net amount",
        "Keep one of the two rows, with the net amount.",
    ),
    Code(
        "E322",
        "a material's own mineral in contents",
        "E322 contents!B2 (mineral): 'ndpr' is the own mineral of 'ndpr_oxide'; contents lists other minerals; the "
        "own one has the column content of materials; delete the row",
        "Delete the row; its own mineral is in the column content of materials.",
    ),
    Code(
        "E323",
        "an output without a price",
        "E323 facilities!C6 (output): 'magnet' has no price; 'china_market' has cost_basis market: its output needs a "
        "row in prices; add the row",
        "Add a row for the material to prices.",
    ),
    Code(
        "E324",
        "an input or coproduct without a price",
        "E324 recipes!B2 (material): 'ndpr_concentrate' has no price; the return of 'home_refinery' depends on it: "
        "its input needs a row in prices; add the row",
        "Add a row for the material to prices.",
    ),
    Code(
        "E325",
        "a tariff on a material without a price",
        "E325 routes!E2 (tariff): a tariff on 'ndpr_oxide', which has no price; a duty is a share of the reference "
        "price; add the material to prices, or clear the tariff",
        "Add a row for the material to prices, or clear the tariff.",
    ),
    Code(
        "E326",
        "one highest strike for several materials",
        "E326 support_offers!G2 (max_strike_usd_per_t): 90000 USD/t for 2 materials; a highest strike or premium in "
        "USD/t is for one "
        "material; give one material, or use max_strike_multiple",
        "Give an offer with a highest strike in USD/t one material, or use max_strike_multiple.",
    ),
    Code(
        "E327",
        "awards that end before they start",
        "E327 support_offers!H2 (last_award_year): 2027, and first_award_year 2029; awards run from the first to the "
        "last award year; correct one of the two",
        "Correct first_award_year or last_award_year.",
    ),
    Code(
        "E328",
        "a route from a region to itself",
        "E328 routes!B2 (to_region): from 'CHN' to itself; a route leads to another region; within a region nothing "
        "needs one; delete the row",
        "Delete the row: goods move freely within a region.",
    ),
    Code(
        "E329",
        "a final stock above the room for it",
        "E329 stockpiles!D2 (final_t): 200 t, and max_t 100; the stock must have room for its final level; lower "
        "final_t, or raise max_t",
        "Lower final_t or raise max_t.",
    ),
    Code(
        "E330",
        "a cover above the room for it",
        "E330 stockpiles!D2 (min_cover_days): 60 days of demand are 270 t in 2030, and max_t is 100; the stock must "
        "have room for its cover; lower min_cover_days, or raise max_t",
        "Lower min_cover_days, raise max_t, or give cover_breach_usd_per_t.",
    ),
    Code(
        "E361",
        "an outlet for a material without a price",
        "E361 outlets!A2 (material): 'magnet' has no price; an outlet pays a share of the reference price: the "
        "material needs a row in prices; add the row",
        "Add the material to the sheet prices.",
    ),
    Code(
        "E362",
        "a required share of no limit",
        "E362 facilities!N2 (requires): 'home_refinery', and max_new_tpa of 'home_mine' is none; a project "
        "stands in the share of its max_new_tpa in which the one it requires stands; type a number in "
        "max_new_tpa of 'home_mine'",
        "Give both facilities a max_new_tpa.",
    ),
    # E4xx: scenarios and changes.
    Code(
        "E340",
        "a seller at a spread with capex",
        "E340 facilities!G5 (capex_usd_per_tpa): 100 with cost_basis spread; its owners build what they sell at the "
        "price, and home pays no capex for it; clear the cell, or set cost_basis to cost where home finances it",
        "Clear the cell, or give the facility its own costs.",
    ),
    Code(
        "E350",
        "construction that takes longer than the lead time",
        "E350 facilities!N2 (construction_years): 4, and lead_time_years 1; the lead time counts from the decision to "
        "the first output, construction included; shorten construction_years, or lengthen lead_time_years",
        "Shorten construction_years, or lengthen lead_time_years.",
    ),
    Code(
        "E351",
        "a contract in force that ends before it starts",
        "E351 contracts_in_force!F2 (last_year): 2026, and first_year 2028; a contract runs from its first to its last "
        "year; correct one of the two",
        "Correct first_year or last_year.",
    ),
    Code(
        "E352",
        "a contract in force without a price",
        "E352 contracts_in_force!B2 (facility): 'magnet' of 'plant' has no price; a contract is settled on the "
        "reference price of the output: it needs a row in prices; add the row",
        "Add the output of the facility to prices.",
    ),
    Code(
        "E353",
        "a contract in force paid from an unknown pot",
        "E353 contracts_in_force!G2 (pot): 'tresury' was not found; pot is one of the pots of the sheet "
        "support_budgets, or blank; did you mean 'treasury'?",
        "Correct the pot, or leave it blank.",
    ),
    Code(
        "E354",
        "an offer without a term",
        "E354 support_offers!D2 (term_years): blank, and the form is two_way; every form but a grant has a term in "
        "years; type the years of delivery or repayment",
        "Type the years of delivery, or of repayment of a loan.",
    ),
    Code(
        "E391",
        "scrap without a collection rate",
        "E391 scrap!A2 (material): 'ndpr_concentrate' arises in 'USA' and has no collection rate; how much of it "
        "can be collected is given in the sheet scrap; add a row to scrap: ndpr_concentrate, USA, "
        "collection_rate, with a share (1 for all of it)",
        "Add a row with quantity `collection_rate` for the scrap and region.",
    ),
    Code(
        "E392",
        "a product that comes back as itself",
        "E392 returns!B2 (scrap): 'ndpr_oxide' comes back as itself; a product comes back as scrap, which a "
        "recycler turns into a material again; name the scrap material",
        "Name the scrap material that a recycler takes.",
    ),
    Code(
        "E401",
        "a sheet that a scenario cannot change",
        "E401 changes!B2 (sheet) [scenario plan]: 'facility'; there is no such sheet; did you mean 'facilities'?",
        "Name a sheet that holds data, or settings.",
    ),
    Code(
        "E402",
        "a column that a scenario cannot change",
        "E402 changes!D2 (column) [scenario plan]: 'capacity'; the sheet facilities has no such column; did you mean "
        "'capacity_tpa'?",
        "Name a column that is neither key, source nor note; leave it blank for year columns.",
    ),
    Code(
        "E403",
        "where is not understood",
        "E403 changes!C2 (where) [scenario plan]: 'USA'; where is written column=value,value; column=value, or *; "
        "name a column first, such as facility=USA",
        "Write column=value,value; column=value, or *.",
    ),
    Code(
        "E404",
        "where names an unknown column",
        "E404 changes!C2 (where) [scenario plan]: 'regions'; the sheet facilities has no such column; did you mean "
        "'region'?",
        "Select on a column of the sheet; on facilities also on pathway, mineral and stage.",
    ),
    Code(
        "E405",
        "a change that fits nothing",
        "E405 changes!C2 (where) [scenario plan]: 'facility=home_mines'; it fits no row of facilities; did you mean "
        "'home_mine'?",
        "Correct where; inactive rows are found only by a change of active.",
    ),
    Code(
        "E406",
        "years are not understood",
        "E406 changes!E2 (years) [scenario plan]: '2028-27'; years are a year (2028), a span (2028-2031), a list of "
        "these, or *; correct it",
        "Write 2028, 2028-2031, a comma list of these, or *.",
    ),
    Code(
        "E407",
        "years outside the horizon",
        "E407 changes!E2 (years) [scenario plan]: '2031-2035'; the horizon is 2026 to 2030; choose years of the "
        "horizon",
        "Choose years from first_year to last_year.",
    ),
    Code(
        "E408",
        "years for what does not depend on the year",
        "E408 changes!E2 (years) [scenario plan]: '2028' for the column max_new_tpa; of facilities, only "
        "capacity_tpa, capex_usd_per_tpa, concern_share, credit_usd_per_t, fixed_usd_per_tpa_year, grant_share, "
        "hurdle_rate, lead_time_years, max_new_tpa_per_year, offtake_share, premium, utilisation, variable_usd_per_t "
        "may depend on the year; leave years blank",
        "Leave years blank, or change a column that may depend on the year.",
    ),
    Code(
        "E409",
        "a value that the column does not allow",
        "E409 changes!G2 (value) [scenario plan]: the text '85 %'; utilisation is a number (share); type 0.85 (as a "
        "number)",
        "Write what the column allows in its own sheet.",
    ),
    Code(
        "E410",
        "arithmetic on something that is not a number",
        "E410 changes!F2 (operation) [scenario plan]: add for region of home_mine; only numbers can be added to or "
        "multiplied; use set",
        "Use set.",
    ),
    Code(
        "E411",
        "a result out of bounds",
        "E411 changes!G2 (value) [scenario plan]: multiply 2 makes 0.6 of ndpr/chain/* in 2030 1.2; share must be a "
        "number from 0 to 1; choose another value",
        "Choose a value that keeps the result within the bounds of the column.",
    ),
    Code(
        "E412",
        "a shock before it is known",
        "E412 changes!E2 (years) [scenario ban]: '2027-2030' in a shock known from 2028; a shock cannot touch a year "
        "before its known_from_year; start in 2028, or give an earlier known_from_year",
        "Start the change in known_from_year or later.",
    ),
    Code(
        "E413",
        "a shock without years",
        "E413 changes!E2 (years) [scenario ban]: '*' in a shock known from 2028; a shock needs years, none before "
        "2028; write 2028-2030",
        "Give the years, from known_from_year on.",
    ),
    Code(
        "E414",
        "a shock that changes a setting",
        "E414 changes!B2 (sheet) [scenario ban]: the shock 'ban' changes a setting; a shock happens to the world, "
        "settings are the planner's own; make the change in a plan, or in the sheet settings",
        "Change settings in a plan only.",
    ),
    Code(
        "E415",
        "scenarios based on each other",
        "E415 scenarios!B3 (based_on) [scenario more]: 'plan' based on 'more' based on 'plan'; a scenario cannot be "
        "based on itself; remove the circular reference in based_on",
        "Remove one of them from based_on.",
    ),
    Code(
        "E416",
        "a row in two scenarios that apply together",
        "E416 facilities!A8 (facility) [scenario also]: 'new_mine' is brought by 'also', and by 'mine' in row 7; "
        "scenarios that apply together bring a row once; give the row to one of them, and change it for the other by "
        "the sheet changes",
        "Let one of the two scenarios bring it, and change it for the other by a row of changes.",
    ),
    Code(
        "E417",
        "a row of a shock that reaches back",
        "E417 export_limits!D2 (2026) [scenario ban]: 500 in 2026, in a row of a shock known from 2028; a shock "
        "cannot touch a year before its known_from_year; type none in the column 2027, and in every year before it "
        "that is filled in",
        "In the years before the shock is known, fill in what holds without the row.",
    ),
    Code(
        "E418",
        "a row that no shock can bring",
        "E418 stockpiles!C2 (scenario) [scenario ban]: a shock known from 2028 brings a row of stockpiles; it would "
        "hold in years before the shock is known too, unless it belongs to a row that the shock brings; let a plan "
        "bring it, or a shock known from the first year",
        "Let a plan bring it, or a shock that is known from the first year.",
    ),
    Code(
        "E420",
        "an unknown plan",
        "E420 scenarios (scenario): --only names 'bas'; only plans of the workbook can be run; did you mean 'base'?",
        "Name plans from the sheet scenarios, separated by commas.",
    ),
    Code(
        "E421",
        "nothing to run",
        "E421 scenarios (run): no plan is marked to be run; a run solves the plans whose run is yes; set run to yes in "
        "one row of kind plan at least",
        "Set run to yes in a row of kind plan.",
    ),
    Code(
        "E430",
        "a row of changes that stands twice",
        "E430 changes!A3 (scenario): row 3 repeats row 2; every row of changes is applied, so a repeated one "
        "applies twice; delete one of the two rows, or put what they do together in one",
        "Delete one of the two rows.",
    ),
    # W5xx: warnings; W501 to W509 are those of the reader.
    Code(
        "W501",
        "a hidden sheet",
        "W501 facilities: the sheet is hidden; hidden sheets are read like others; unhide it, or put '_' before "
        "its name to leave it out",
        "Unhide it, and check that it should count.",
    ),
    Code(
        "W502",
        "hidden rows",
        "W502 facilities!A2: hidden rows: 2, 4-5; hidden and filtered rows are read like others; unhide them, or "
        "set active to no to leave them out",
        "Unhide them or clear the filter, and check that they should count.",
    ),
    Code(
        "W503",
        "hidden columns",
        "W503 facilities!E1: hidden columns: E; hidden columns are read like others; unhide them, or put '_' "
        "before their keys to leave them out",
        "Unhide them, and check that they should count.",
    ),
    Code(
        "W504",
        "a CSV file in an older encoding",
        "W504 sources: line 2 is not UTF-8; the file was read as Windows-1252 (Western European); check its "
        "accented letters, or save it as 'CSV UTF-8'",
        "Save it as 'CSV UTF-8' if letters with accents look wrong.",
    ),
    Code(
        "W530",
        "rows without a source",
        "W530 prices!D3 (source): 1 of 17 rows name no source, in the sheets 'prices'; a reader should be able to "
        "distinguish facts from assumptions; fill in source from this cell on, with a row in sources for each",
        "Name a source in every row, and describe it in the sheet sources.",
    ),
    Code(
        "W531",
        "a year outside the horizon",
        "W531 support_offers!G2 (first_award_year): 2032; the horizon is 2026 to 2030; correct it, or leave it blank",
        "Correct the year, unless it is meant for a longer horizon.",
    ),
    Code(
        "W532",
        "a variable cost that is not used",
        "W532 facilities!I6 (variable_usd_per_t): 10 is not used; a market facility costs the reference price; clear "
        "the cell, or set cost_basis to cost",
        "Clear the cell, or set cost_basis to cost.",
    ),
    Code(
        "W533",
        "a market facility that is commercial",
        "W533 facilities!J6 (commercial): 'china_market' is commercial and bought on the market; its costs are not "
        "known, so the return of its owners cannot be computed from its price; set commercial to no, or cost_basis "
        "to cost",
        "Set commercial to no, or give the facility its own costs.",
    ),
    Code(
        "W534",
        "a contract for what is not commercial",
        "W534 facilities!L5 (cfd_eligible): 'partner_refinery' is cfd_eligible and not commercial; only commercial "
        "facilities are offered contracts; set commercial to yes, or cfd_eligible to no",
        "Set commercial to yes where owners decide by their return.",
    ),
    Code(
        "W535",
        "substitution where nothing is demanded",
        "W535 facilities!C7 (output): there is no demand for 'ndpr_oxide' in 'PTN'; substitution saves demand of its "
        "own region; correct output or region, or set active to no",
        "Put the facility where its output is demanded.",
    ),
    Code(
        "W536",
        "substitution outside home and partners",
        "W536 facilities!B7 (region): 'CHN' is neither home nor partner; saved tonnes count as substituted at home or "
        "with a partner, elsewhere by the standing of the region; move it, or keep that in mind",
        "Move it, or keep in mind how its tonnes count.",
    ),
    Code(
        "W537",
        "more of a mineral comes out than goes in",
        "W537 facilities!C3 (output): 0.857 t of 'ndpr' leave 'home_refinery' per t made, 0.5 t enter; no more of a "
        "mineral leaves a facility than enters it; check its recipe, content and contents",
        "Check the recipe against content and contents; keep it if another source of the mineral is left out on "
        "purpose.",
    ),
    Code(
        "W538",
        "two steps of a mineral in one stage",
        "W538 recipes!B2 (material): 'ndpr_concentrate' and the output of 'home_refinery', 'ndpr_oxide', are both of "
        "stage 'refining'; a mineral's stage is counted once per step: caps and shares of this stage count both; give "
        "each step its own stage",
        "Give each processing step its own stage.",
    ),
    Code(
        "W539",
        "capacity that retires before it is there",
        "W539 facilities!O4 (retire_year): 2028, and online_year 2030; retire_year is the first year without the "
        "capacity; correct one of the two",
        "Correct online_year or retire_year.",
    ),
    Code(
        "W540",
        "a facility that never has capacity",
        "W540 facilities!E4 (capacity_tpa): 'partner_mine' has no capacity in any year and can get none; a candidate "
        "needs max_new_tpa or capacity_tpa, any other facility capacity_tpa before it retires; fill it in, or set "
        "active to no",
        "Give it capacity, or set active to no.",
    ),
    Code(
        "W541",
        "a candidate that is never built",
        "W541 facilities!F2 (lead_time_years): 'home_mine', lead time 5 years, is never built; it must be online by "
        "2030, with a lead time within the mineral's lead_time_cap_years; correct lead_time_years or "
        "earliest_decision_year, or keep that in mind",
        "Check its lead time against the horizon and the cap of its mineral.",
    ),
    Code(
        "W542",
        "an input that cannot come",
        "W542 recipes!B4 (material): no 'ndpr_concentrate' for 'smelter' can come to 'CHL'; it comes only from 'PTN', "
        "'USA'; add a route, or set active to no",
        "Add a route for it, or set the facility inactive.",
    ),
    Code(
        "W543",
        "an output that is of no use",
        "W543 facilities!C2 (output): 'magnet' of 'home_mine' is of no use in 'USA'; nobody demands, uses or stores "
        "it; add a route or a use, or set active to no",
        "Add a route to where it is used, or set the facility inactive.",
    ),
    Code(
        "W544",
        "a material that nobody makes",
        "W544 materials!A4 (material): 'magnet' is demanded in 'USA'; no facility makes it, it is no coproduct or "
        "scrap, and none is in stock; add where it comes from, or expect a shortage",
        "Add a facility, scrap or stock it comes from.",
    ),
    Code(
        "W545",
        "demand that nothing can reach",
        "W545 demand!C4 (region): no 'ndpr_oxide' can come to 'CHL'; it comes only from 'CHN', 'PTN', 'USA'; add a "
        "route or a facility",
        "Add a route to the region, or a facility in it.",
    ),
    Code(
        "W546",
        "a tariff on materials without a price",
        "W546 routes!E3 (tariff): 'scrap' can travel here and have no price; a duty is a share of the reference "
        "price: none is counted on these; add them to prices",
        "Add their prices, or a route row of their own without a tariff.",
    ),
    Code(
        "W547",
        "an upside share that is not used",
        "W547 support_offers!G2 (upside_share): 0.3 with the form two_way; only floor_with_share has an upside share: "
        "it is not used; clear the cell, or use floor_with_share",
        "Use the form floor_with_share, or clear the cell.",
    ),
    Code(
        "W548",
        "an offer that nobody can take",
        "W548 support_offers!C2 (materials): no facility is open to 'strike'; it needs a commercial, cfd_eligible "
        "facility that makes one of its materials; correct materials, or set cfd_eligible and commercial to yes where "
        "it is meant",
        "Check its materials, and which facilities are commercial and cfd_eligible.",
    ),
    Code(
        "W549",
        "a budget that pays nothing",
        "W549 support_budgets!E2 (materials): no support is ever paid from 'treasury'; none of its offers is open to a "
        "facility that makes one of its materials; correct materials or offers, or delete the row",
        "Check its materials and offers against the offers.",
    ),
    Code(
        "W550",
        "a cap on nothing",
        "W550 exposure_caps!A2 (mineral): a cap on 'gallium'; a chain cap limits deliveries, and no material with "
        "this mineral is demanded; correct mineral or scope, or delete the row",
        "Check its mineral and scope against materials and demand.",
    ),
    Code(
        "W551",
        "a scenario based on an inactive one",
        "W551 scenarios!B2 (based_on) [scenario plan]: 'gone' is inactive; the changes of an inactive scenario do not "
        "apply; leave it out of based_on, or set its active to yes (and run to no if it is only a building block)",
        "Activate it, or take it out of based_on.",
    ),
    Code(
        "W552",
        "years of which some are outside the horizon",
        "W552 changes!E2 (years) [scenario plan]: '2205'; the horizon is 2026 to 2030: nothing is changed there; "
        "leave them out",
        "Leave out the years outside the horizon.",
    ),
    Code(
        "W553",
        "a change without effect",
        "W553 changes!C3 (where) [scenario plan]: it fits only 'partner_mine', 'partner_refinery'; these go with an "
        "inactive row, so the change has no effect; leave it out, or activate what they need",
        "Activate what the rows need, or leave the change out.",
    ),
    Code(
        "W554",
        "a value in where that fits nothing",
        "W554 changes!C2 (where) [scenario plan]: 'PTM'; no row of facilities has this region; did you mean 'PTN'?",
        "Correct the value, or leave it out.",
    ),
    Code(
        "W555",
        "a shock based on a plan that changes earlier years",
        "W555 changes!E2 (years) [scenario plan]: it changes 2026, and 'ban', known from 2028, is based on it; what "
        "is different before a shock is known is different from the plan too; base the shock on other shocks only",
        "Base shocks on shocks; a stress test adds the shock to each plan anyway.",
    ),
    Code(
        "W556",
        "a least share that nothing can supply",
        "W556 mix_targets!A2 (target): no facility counts for 'loop'; a least share that nothing can supply is met "
        "only by an idle stage; correct what it selects, or add the facilities",
        "Check what the target selects.",
    ),
    Code(
        "W557",
        "a least share above the highest share",
        "W557 mix_targets!A2 (target): at least 0.8 by 'low' and at most 0.7 by 'high' in 2029-2030; both are on the "
        "same selection, so only an idle stage meets both; correct one of the two",
        "Correct one of the two targets.",
    ),
    Code(
        "W558",
        "an initial stock above the room for it",
        "W558 stockpiles!C2 (initial_t): 300 t, and max_t 200; the excess has to be released in the first year; lower "
        "initial_t, or raise max_t",
        "Lower initial_t or raise max_t.",
    ),
    Code(
        "W559",
        "a cover above the room for it, at a price",
        "W559 stockpiles!D2 (min_cover_days): 60 days of demand are 270 t in 2030, and max_t is 100; the cover is "
        "missed and its breach price paid; lower min_cover_days, or raise max_t",
        "Lower min_cover_days or raise max_t.",
    ),
    Code(
        "W560",
        "a product that comes back but is never delivered",
        "W560 returns!A2 (product): 'ndpr_concentrate' is demanded nowhere; only delivered products come back as "
        "scrap; correct product, or delete the row",
        "Correct the product, or delete the row.",
    ),
    Code(
        "W561",
        "a price and a shortage cost in different units",
        "W561 prices!B3 (2026): 70,000 USD/t in 2026, and the shortage cost of 'ndpr_oxide' is 50,000,000; they are "
        "more than a factor 300 apart; kg or t? correct the number, or keep it if it is right",
        "Check the units: USD/t, not USD/kg.",
    ),
    Code(
        "W562",
        "prices in different units",
        "W562 prices!C3 (2030): 'ndpr_oxide' is 80,000 USD/t in 2030 and 70 in 2026; one price is a thousand times "
        "the other; kg or t? correct the number, or keep it if it is right",
        "Check the units: USD/t, not USD/kg.",
    ),
    Code(
        "W563",
        "a cost and a price in different units",
        "W563 facilities!I5 (variable_usd_per_t): 22,000,000 USD/t, and the price is 80,000; it is more than 100 "
        "times the price; kg or t? correct the number, or keep it if it is right",
        "Check the units: USD/t, not USD/kg.",
    ),
    Code(
        "W564",
        "shortage is cheaper than supply",
        "W564 materials!F3 (shortage_cost_usd_per_t): 60,000 USD/t, and the price is 80,000 in 2030; leaving "
        "demand unmet would be cheaper than buying; raise it to several times the price",
        "Raise the shortage cost to several times the price.",
    ),
    Code(
        "W565",
        "a capacity unlike others",
        "W565 facilities!E9 (capacity_tpa): 1,200,000 t/yr, and the median of 5 others that make 'ndpr_oxide' is 600; "
        "they are a thousand times apart; kg or t? correct the number, or keep it if it is right",
        "Check the unit: t/yr, not kg or kt.",
    ),
    Code(
        "W566",
        "a capacity far above all demand",
        "W566 facilities!E6 (capacity_tpa): 1,714,000 t/yr of 'ndpr', and all demand is 1,405; it is more than a "
        "thousand times all demand; kg or t? correct the number, or keep it if it is right",
        "Check the unit: t/yr, not kg.",
    ),
    Code(
        "W567",
        "more demand than could be supplied",
        "W567 demand!A2 (2027): in 2027 demand for 'ndpr_oxide' in 'USA' is 1,160 t, and at most 700 t could be "
        "supplied; at least 40 % stays unmet; add capacity, routes or time to build, or expect the shortage",
        "Add supply, or expect the shortage.",
    ),
    Code(
        "E432",
        "a range that ends before it begins",
        "E432 uncertainty!C2 (low): 1.2, and high is 0.8; low is the lower end of the range; swap the two numbers",
        "Swap low and high.",
    ),
    Code(
        "W570",
        "a unit larger than the project",
        "W570 facilities!N2 (unit_tpa): a unit of 'home_mine' is 2,000 t/yr, and at most 1,500 may be built; under "
        "whole_projects only whole units are built, so this facility is never built; reduce unit_tpa, or raise "
        "max_new_tpa or max_new_tpa_per_year",
        "Reduce unit_tpa, or raise max_new_tpa or max_new_tpa_per_year.",
    ),
    Code(
        "W571",
        "analyses of a workbook of whole projects",
        "W571 settings (whole_projects): whole_projects is yes, and this run also does frontier and stress; analyses "
        "build projects in part, as the linear plan does; compare their results with each other, not with a plan of "
        "whole projects",
        "Compare results of analyses with each other.",
    ),
    Code(
        "W572",
        "cover of a material without demand",
        "W572 stockpiles!C2 (min_cover_days): 60 days of demand for 'ndpr_concentrate' in 'USA', of which there is "
        "none; a stock covers days of demand, and inputs of plants are no demand; store a material that is demanded, "
        "or state max_t and final_t instead",
        "Store a material of the sheet demand, or leave min_cover_days blank.",
    ),
    Code(
        "W568",
        "no demand",
        "W568 demand: there is no demand; a plan serves demand, and without any it is empty; add rows with the tonnes "
        "wanted in each year",
        "Add rows to the sheet demand.",
    ),
    Code(
        "W580",
        "a seller at a spread that may be offered a contract",
        "W580 facilities!L5 (cfd_eligible): 'partner_refinery' is cfd_eligible and has cost_basis spread; home pays it "
        "the price, so that a contract would pay for the same tonne again; set cfd_eligible to no, or cost_basis to "
        "cost",
        "Set cfd_eligible to no, or give the facility its own costs.",
    ),
    Code(
        "W581",
        "a seller at a spread that sells below its cost",
        "W581 facilities!O5 (cost_basis): in 2026 'partner_refinery' sells at 70,000 USD/t, and spends 30,000 on its "
        "inputs and 50,000 on its own cost; home then pays its own cost for the step, so that the chain costs more "
        "than the price; correct prices, recipe or variable_usd_per_t, or keep them if the step is run at a loss",
        "Check prices, recipe and variable_usd_per_t against each other.",
    ),
    Code(
        "W582",
        "no mineral with a weight",
        "W582 minerals!E2 (weight): every mineral has the weight 0; the exposure index is the weighted mean of the "
        "minerals, and is 0 without any weight; give a weight to the minerals that are to count, or leave it blank "
        "for 1",
        "Give a weight to the minerals that are to count.",
    ),
    Code(
        "W590",
        "a contract in force that covers nothing",
        "W590 contracts_in_force!B2 (facility): 'floor' covers nothing of 'home_mine'; a contract in force covers "
        "capacity that exists in a year of the plan in which it runs; correct its years or the facility, or leave the "
        "contract out",
        "Correct its years or the facility, or leave the contract out.",
    ),
    Code(
        "W591",
        "a sheet under its old name",
        "W591 changes!B2 (sheet): 'cfd_budgets' is an old name; the sheet is now called support_budgets; the old name "
        "is still read; rename it",
        "Rename the sheet, or the sheet in changes.",
    ),
    Code(
        "W592",
        "a column that the form of an offer does not use",
        "W592 support_offers!G2 (loan_rate): 0.03 with the form two_way; only the form loan uses it; clear the cell, "
        "or use another form",
        "Clear the cell, or use another form.",
    ),
    Code(
        "W620",
        "an implausibly large amount",
        "W620 support_budgets!C2 (2026): 1.5e+08 USD million; more than 1e+07 USD million is implausible; check the "
        "number and its unit, or keep it if it is right",
        "Check the number and its unit.",
    ),
    Code(
        "W621",
        "an amount too small to count",
        "W621 prices!B2 (2026): 1e-15 USD/t; the solver takes so small a number for 0; type 0, or check the unit",
        "Type 0, or check the unit.",
    ),
    Code(
        "W622",
        "a row without a number in the horizon",
        "W622 support_budgets!D2 (2024): the only numbers of 'treasury/expected' are of 2024; the horizon is 2026 to "
        "2030: the nearest of them holds in every year of it; type the number in a year of the horizon",
        "Type the number in a year of the horizon.",
    ),
    Code(
        "W623",
        "numbers in a year outside the horizon",
        "W623 demand!D2 (2023): the year 2023 has numbers; the horizon is 2026 to 2030: they only decide what is "
        "interpolated inside it; correct the year, or keep it if it is meant",
        "Correct the year; or keep it where it is meant to be interpolated from.",
    ),
    Code(
        "W624",
        "a row of totals",
        "W624 demand!A4 (segment): 'all_uses' is the sum of 'defence', 'electric_vehicles'; every row of demand "
        "counts, so a row of totals doubles the demand; delete the row, or set its active to no",
        "Delete the row: totals are computed from the other rows.",
    ),
    Code(
        "W625",
        "a price of 0",
        "W625 prices!A2 (material): the price of 'ndpr_concentrate' is 0 in 2030; a plant that sells it earns "
        "nothing, and a purchase at the price is free; type the price, or delete the row if the material has none",
        "Type the price, or delete the row.",
    ),
    Code(
        "W626",
        "an export limit without a route",
        "W626 export_limits!A2 (limit): 'embargo' limits no route; it holds on the routes from from_region to "
        "to_region that carry the material; correct its selectors, or delete the row",
        "Correct from_region, to_region or material, or delete the row.",
    ),
    Code(
        "W627",
        "a rule that may be missed at no cost",
        "W627 exposure_caps!D2 (breach_usd_per_t): missing the rule costs 0 USD/t; then the rule has no effect; "
        "type a price per tonne, or clear the cell for a rule that must hold",
        "Type a price per tonne, or clear the cell.",
    ),
    Code(
        "W628",
        "a decision year before the plan",
        "W628 facilities!N2 (earliest_decision_year): 2020; the plan decides from 2026 on, so an earlier year "
        "has no effect; correct it, or clear the cell",
        "Correct the year, or clear the cell.",
    ),
    Code(
        "W629",
        "a ramp without new capacity",
        "W629 facilities!N4 (ramp_years): 3 years; only new capacity ramps up: what exists is stated year by "
        "year; give the capacity_tpa of each year in facility_paths, or clear the cell",
        "Use facility_paths for the ramp of a plant that exists.",
    ),
    Code(
        "W630",
        "a yearly limit without a total",
        "W630 facilities!N4 (max_new_tpa_per_year): 50 t/yr, and max_new_tpa is 0; a plant that exists is "
        "enlarged only up to max_new_tpa, which is 0 where it is blank; type max_new_tpa too, or clear the cell",
        "Type max_new_tpa too, or clear the cell.",
    ),
    Code(
        "W631",
        "a lifetime beyond the plan",
        "W631 returns!C2 (lifetime_years): 5 years in a plan of 5; what the plan delivers comes back after its "
        "last year, so the row has no effect; give the scrap of earlier deliveries as arisings in the sheet "
        "scrap, or delete the row",
        "Add the scrap of earlier deliveries as arisings, or delete the row.",
    ),
    Code(
        "W632",
        "a cover without demand",
        "W632 stockpiles!C2 (min_cover_days): nobody demands 'ndpr_concentrate' in 'USA'; the cover counts days "
        "of the demand for the material in the region, so it has no effect; cover a material that is demanded, "
        "or set final_t or initial_t instead",
        "Cover a material that is demanded in the region.",
    ),
    Code(
        "W633",
        "returns without a collection rate",
        "W633 returns!B2 (scrap): 'ndpr_concentrate' comes back in 'USA' and has no collection rate; all of it "
        "can be collected, at no cost; add a row to scrap: ndpr_concentrate, USA, collection_rate, with a share "
        "(1 for all of it)",
        "Add a row with quantity `collection_rate` for the scrap and region.",
    ),
    Code(
        "W634",
        "years out of order",
        "W634 demand!E1 (2023): the year 2023 stands between 2026 and 2030; years ascend from left to right; "
        "correct the year, or move the column",
        "Correct the year in the row of keys, or move its column.",
    ),
    Code(
        "W635",
        "more returns than was delivered",
        "W635 returns!D2 (t_per_t): 1.2 t of 'ndpr' come back from a tonne of 'ndpr_oxide', which holds 0.857; "
        "no more of a mineral comes back than was delivered; correct t_per_t, content or contents",
        "Correct t_per_t, or the content of the scrap or the product.",
    ),
    Code(
        "W636",
        "a demand too small to resolve",
        "W636 demand!E2 (2028): 5e-05 t/yr is the most that is wanted; beside larger demand, less than 0.0001 t a year "
        "is not resolved exactly; check the unit, or plan it in a workbook of its own",
        "Check the unit, or plan it in a workbook of its own.",
    ),
    Code(
        "W640",
        "growth from zero",
        "W640 routes!G2 (growth): 0.1, and neither flow_tpa nor start_tpa is above 0; trade grows from what was "
        "shipped the year before, plus start_tpa: nothing can ever be shipped; fill in flow_tpa, start_tpa or both, or "
        "clear growth",
        "Say what was shipped before, or what may be added in any case.",
    ),
    Code(
        "W641",
        "a pace of trade without effect",
        "W641 routes!G2 (decay): 0.2, and switching_usd_per_t is blank; a fall faster than decay costs "
        "switching_usd_per_t, so that one has no effect without the other; fill in switching_usd_per_t, or clear the "
        "cell",
        "Fill in the column that is missing.",
    ),
    Code(
        "W642",
        "a project that requires itself",
        "W642 facilities!N2 (requires): 'home_mine' requires itself; a project requires another one, so the cell "
        "has no effect; name another facility, or clear the cell",
        "Name another facility, or clear the cell.",
    ),
    Code(
        "W643",
        "a requirement that cannot be met",
        "W643 facilities!N2 (requires): 'china_market' neither exists nor can be built; no new capacity of "
        "'home_mine' can stand without it; correct requires, or give it max_new_tpa",
        "Correct requires, or give the required facility capacity or max_new_tpa.",
    ),
    Code(
        "W644",
        "a limit on an empty group",
        "W644 group_limits!A2 (limit): no facility falls under 'few'; a group is chosen by materials, region and "
        "pathway; correct them, or delete the row",
        "Check what the limit selects.",
    ),
    Code(
        "W645",
        "an outlet abroad",
        "W645 outlets!B2 (region): 'PTN' is not home; revenue from an outlet lowers the cost of the plan, and "
        "abroad it is not the home buyer's; move it, or keep that in mind",
        "Move it, or keep in mind whose revenue it is.",
    ),
    Code(
        "W646",
        "an outlet for what is not made there",
        "W646 outlets!A2 (material): no facility in 'USA' makes 'scrap'; an outlet buys only what its region "
        "makes or recovers; correct material or region, or delete the row",
        "Correct material or region, or delete the row.",
    ),
    Code(
        "W647",
        "an idle cost for a candidate",
        "W647 facilities!N2 (idle_cost_share): 0.5 for a candidate; it is about existing capacity that is "
        "closed, and a candidate has none; clear the cell",
        "Clear the cell.",
    ),
    Code(
        "W648",
        "a start without growth",
        "W648 group_limits!D2 (start_tpa): 10 of a limit of kind capacity; only growth has a start; clear the "
        "cell, or set kind to growth",
        "Clear the cell, or set kind to growth.",
    ),
    Code(
        "W649",
        "two words that are nearly the same",
        "W649 demand!A4 (segment): 'electric_vehicle' is nearly 'electric_vehicles' of demand!A3; rows belong together "
        "only where segment is the same; type 'electric_vehicles', or keep it if both are meant",
        "Spell the word as in the other rows, or keep both if both are meant.",
    ),
    Code(
        "W650",
        "a share above 1",
        "W650 routes!E2 (tariff): the share 4; duty on the reference price: 1 is 100 %; for 4 percent type "
        "0.04, or keep it if it is right",
        "Shares are typed as 0.25, not as 25; keep a duty above the price itself.",
    ),
    Code(
        "W651",
        "a row named like a total",
        "W651 support_budgets!A3 (pot): 'all' names a row beside 1 other; every row counts, so a row of totals counts "
        "what the others hold once more; delete the row if it holds totals, or type another name",
        "Delete the row if it holds totals; a row that is no total needs another name.",
    ),
)

CODES: dict[str, Code] = {code.code: code for code in _ALL}
