package sandbox

// standardChoices are the options that a new workspace has. Stages: documentation; categories: recorded (2026-05). Of
// the ranges one each is recorded, the others are inferred.
var standardChoices = map[string][]string{
	"deals.stage":                             {"Lead", "In Progress", "Won 🎉", "Lost"},
	"people.strongest_connection_strength":    connectionStrengths,
	"companies.strongest_connection_strength": connectionStrengths,
	"companies.employee_range": {
		"1-10", "11-50", "51-250", "251-1K", "1K-5K", "5K-10K", "10K-50K", "50K-100K", "100K+"},
	"companies.estimated_arr_usd": {
		"<$1M", "$1M-$10M", "$10M-$50M", "$50M-$100M", "$100M-$250M", "$250M-$500M", "$500M-$1B", "$1B-$10B", "$10B+"},
	"companies.categories": recordedCategories,
}

var connectionStrengths = []string{"Very weak", "Weak", "Good", "Strong", "Very strong"}

var recordedCategories = []string{
	"3D Printing", "Accounting", "Aerospace & Defense", "Agriculture", "Airlines", "Alternative Medicine",
	"Animation", "Apparel & Footwear", "Architecture", "Arts", "Arts & Crafts", "Asset Management", "Audio",
	"Automation", "Automotive", "B2B", "B2C", "Banking & Mortgages", "Beverages", "Biotechnology", "Broadcasting",
	"Building Materials", "Business Supplies", "Chemicals", "Civil Engineering", "Cloud Services",
	"Communications", "Computer Hardware", "Construction", "Construction Contractors & Services",
	"Consulting & Professional Services", "Consumer Discretionary", "Consumer Electronics", "Consumer Goods",
	"Consumer Staples", "Corporate & Business", "Cosmetics", "Design", "E-commerce", "E-Commerce & Marketplaces",
	"E-Learning", "Education", "Electrical", "Energy", "Energy & Utilities", "Enterprise",
	"Entertainment & Recreation", "Events", "Eyewear", "Facilities", "Family Services", "Finance",
	"Financial Services", "Fine Art", "Firearms", "Fishery", "Food", "Food Production", "Forums", "Fundraising",
	"Gambling & Casinos", "Government", "Ground Transportation", "Health & Wellness", "Health Care",
	"Higher Education", "Home & Furniture", "Home Improvement", "Human Resources", "Import & Export",
	"Industrials & Manufacturing", "Information Technology & Services", "Insurance", "International Relations",
	"International Trade", "Internet", "Investment", "Investment Banking", "Investment Management", "ISP",
	"Jewelry Watches & Luxury Goods", "Judiciary", "Law Enforcement", "Legal Services", "Libraries", "Machinery",
	"Maritime", "Market Research", "Marketing & Advertising", "Marketplace", "Mechanical Engineering", "Media",
	"Medicine", "Military", "Mining & Metals", "Mobile", "Movies & TV", "Museums", "Music", "Nanotechnology",
	"Networking", "Non-Profit & Philanthropy", "Oil & Gas", "Outsourcing", "Packaging & Containers", "Paper Goods",
	"Payments", "Performing Arts", "Pharmaceuticals", "Pharmacy", "Photography", "Plastics", "Plumbing",
	"Political Organization", "Pornography", "Primary & Secondary Education", "Printing", "Public Relations",
	"Publishing", "Ranching", "Real Estate", "Religion", "Renewables & Environment", "Restaurants", "Retail",
	"SAAS", "Sanitization Services", "Scientific & Academic Research", "Security", "Services", "Shipbuilding",
	"Shipping & Logistics", "Society", "Sporting Goods", "Sports & Fitness", "Stores", "Talent Agencies",
	"Technology", "Telecommunications", "Textiles", "Tobacco", "Tools", "Translation", "Transportation",
	"Travel & Leisure", "Utilities", "Venture Capital", "Veterinary", "Video Games", "Warehousing",
	"Web Services & Apps", "Wholesale",
}
