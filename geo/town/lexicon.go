package town

// Words of which names are made. People are first and last names drawn apart.
var (
	communeStems = []string{"Mont", "Villers", "Saint-Aubin", "Chante", "Roche", "Font", "Beau", "Haute", "Val", "Neuv", "Bois", "Champ", "Grand", "Mar", "Court", "Vern", "Sauv", "Cler", "Lav", "Aub"}
	communeTails = []string{"court-sur-Lière", "reuil", "igny-le-Vieux", "ville-en-Plaine", "merle", "eval", "ontaine", "ignac-les-Prés", "ières-sous-Bois", "epierre", "ouze", "ey-les-Granges", "elles", "onnay", "evigne", "issey"}
	saints       = []string{"Martin", "Pierre", "Étienne", "Jean-Baptiste", "Rémi", "Germain", "Maurice", "Laurent", "Léger", "Vincent", "Hilaire", "Denis"}
	rivers       = []string{"La Lière", "La Vouzelle", "L'Aubrette", "La Sarmonne", "Le Thiolet", "La Verdenne", "L'Orbize", "La Chantereine"}

	firstNames = []string{
		"Jean", "Pierre", "Marie", "Louis", "Jeanne", "Paul", "Marcel", "Henri", "Lucie", "André", "Simone", "Georges",
		"Marguerite", "Albert", "Émile", "Suzanne", "Jules", "Charles", "Berthe", "Auguste", "Léon", "Victor", "Adèle",
		"Camille", "Édouard", "Eugène", "Hélène", "Fernand", "Gaston", "Germaine", "Gustave", "Irène", "Jacques",
		"Joséphine", "Léonie", "Lucien", "Madeleine", "Maurice", "Octave", "Pauline", "Raymond", "René", "Robert", "Rosa",
		"Théophile", "Thérèse", "Yvonne", "Claude", "Denise", "Antoine", "Blanche", "Colette", "Firmin", "Odette",
	}
	lastNames = []string{
		"Moreau", "Garnier", "Lefort", "Chevrier", "Perrin", "Marchand", "Vasseur", "Bertin", "Renaudot", "Lacroix",
		"Faucher", "Thibaud", "Roussel", "Gauthey", "Collin", "Mercier", "Delorme", "Blanchard", "Guyot", "Barbier",
		"Arnoux", "Brunel", "Carré", "Dumont", "Fabre", "Gillet", "Huguenin", "Jacquard", "Lambert", "Maillard",
		"Noirot", "Olivier", "Pasquier", "Quentin", "Ravier", "Sabatier", "Tissier", "Valentin", "Aubry", "Bernardin",
		"Charpentier", "Desmoulins", "Étienne", "Fontaine", "Grandjean", "Hébrard", "Imbert", "Joubert", "Laurençon",
		"Massonnet", "Nodier", "Oudot", "Poirier", "Rameau", "Sauvage", "Tavernier", "Vautrin", "Berger", "Coste",
		"Duvernoy", "Forestier", "Gros", "Jobard", "Lemoine", "Martinet", "Petitjean", "Rollin", "Verdier", "Millet",
		"Barreau", "Clément", "Droz", "Ferrand", "Gaillard", "Hérard", "Leclerc", "Monnier", "Piquet", "Richard", "Tourneur",
	}
	titles = []string{
		"du Docteur", "du Général", "du Capitaine", "de l'Abbé", "du Professeur", "du Colonel", "du Lieutenant",
		"de l'Ingénieur", "du Maire", "du Commandant", "du Chanoine", "de l'Instituteur", "du Sergent", "du Peintre",
		"du Poète", "de l'Architecte", "de l'Amiral", "du Sculpteur", "du Botaniste", "de l'Aviateur",
	}
	oldNames = []string{
		"de l'Église", "de la Mairie", "du Château", "des Remparts", "du Four", "du Puits", "de la Halle", "du Marché",
		"des Tanneurs", "des Boulangers", "des Bouchers", "de la Poterne", "du Pont", "du Vieux Pont", "de l'Abreuvoir",
		"du Lavoir", "de la Fontaine", "des Cordeliers", "des Ursulines", "des Capucins", "de l'Hôpital", "du Presbytère",
		"Saint-Martin", "Saint-Pierre", "Saint-Jean", "Notre-Dame", "Sainte-Anne", "de la Tour", "des Fossés", "du Rempart",
		"de la Porte Haute", "de la Porte Basse", "du Beffroi", "de l'Horloge", "des Forges", "du Moulin", "des Tisserands",
		"du Chapitre", "de la Cure", "du Cloître", "des Orfèvres", "de la Poste", "des Écoles", "du Collège", "du Théâtre",
		"aux Herbes", "du Bourg", "de la Monnaie", "du Sel", "de l'Arquebuse", "des Augustins", "du Vieux Marché", "du Port",
		"des Lavandières", "de la Charité", "du Palais", "de la Prévôté", "des Arcades", "du Grenier à Sel", "Haute", "Basse", "Traversière", "Creuse", "Neuve", "Grande",
	}
	grandNames = []string{
		"de la République", "de la Libération", "du 8 Mai 1945", "du 11 Novembre", "du 14 Juillet", "de la Liberté",
		"de l'Égalité", "de la Fraternité", "de la Gare", "de l'Europe", "des Alliés", "de Verdun", "de la Paix",
		"de la Résistance", "du Stade", "du Champ de Foire", "de la Victoire", "du Souvenir", "des Tilleuls", "des Platanes",
		"du Parc", "du Lycée", "de l'Industrie", "du Jura", "des Vosges", "de Bourgogne", "de Lorraine", "d'Alsace",
		"de Champagne", "de Bretagne", "de Provence", "de Normandie", "de la Première Armée", "des Nations", "de la Marne",
	}
	natureNames = []string{
		"des Lilas", "des Roses", "des Acacias", "des Cerisiers", "des Érables", "des Bleuets", "des Coquelicots",
		"des Hirondelles", "des Mésanges", "des Rossignols", "des Alouettes", "des Fauvettes", "des Bouleaux", "des Charmes",
		"des Chênes", "des Noisetiers", "des Noyers", "des Pommiers", "des Pruniers", "des Poiriers", "des Vignes",
		"des Jonquilles", "des Primevères", "des Violettes", "des Pervenches", "des Glycines", "des Genêts", "des Bruyères",
		"des Ormes", "des Peupliers", "des Saules", "des Frênes", "des Sapins", "des Hêtres", "des Marronniers", "des Mimosas",
		"des Jasmins", "des Iris", "des Œillets", "des Capucines", "des Anémones", "des Pâquerettes", "du Muguet", "de l'Aubépine",
		"des Pinsons", "des Chardonnerets", "des Merles", "des Bergeronnettes", "des Tourterelles", "des Loriots", "des Écureuils",
		"du Verger", "du Clos", "de la Prairie", "du Pré Vert", "de la Source", "du Ruisseau", "du Coteau", "de Bellevue",
		"du Soleil Levant", "des Jardins", "du Belvédère", "de la Colline", "des Fougères", "des Myosotis", "du Lavandin",
	}
	pathNames = []string{
		"du Moulin", "des Vignes", "du Bois", "de la Croix", "des Prés", "de Halage", "du Calvaire", "des Carrières", "du Loup",
		"de la Justice", "des Meuniers", "du Gué", "de la Chapelle", "des Pâtures", "de la Ferme", "du Haut", "du Bas", "Vert",
		"Creux", "Blanc", "des Ânes", "des Morts", "de la Messe", "du Tour de Ville", "des Sablons", "de la Tuilerie", "du Lavoir",
		"de l'Étang", "des Marais", "de la Garenne", "du Four à Chaux", "de la Fontaine aux Fées", "des Chasseurs", "du Rû",
	}
	ofPlaces   = []string{"des Champs", "du Bois", "du Pré", "de la Combe", "de la Côte", "du Clos", "de la Plaine", "du Val", "de la Croix", "du Buisson", "de la Noue", "de l'Étang", "de la Mare", "du Gué"}
	placeNames = []string{
		"Les Grandes Vignes", "Le Haut du Mont", "La Croix Blanche", "Les Longues Raies", "Le Champ du Bois", "La Combe aux Loups",
		"Les Prés Bas", "La Justice", "Le Poirier Rond", "Les Essarts", "La Garenne", "Le Paquis", "Les Terres Rouges",
		"La Fontaine Froide", "Les Corvées", "Le Sauvoy", "La Grande Pièce", "Les Épinettes", "Le Bois Brûlé", "Sur la Côte",
		"Derrière les Jardins", "Entre Deux Eaux", "La Maladière", "Les Quartiers", "Le Chêne Vert", "Les Marnières",
		"La Perrière", "Le Creux du Four", "Les Chenevières", "La Vieille Église", "Le Patis", "Les Plantes", "La Borde",
	}
	placeHeads = []string{"Le Champ", "Les Champs", "Le Pré", "Les Prés", "Le Bois", "La Combe", "La Côte", "Le Clos", "La Pièce", "Les Vignes", "La Plaine", "Le Buisson", "La Noue", "Sous", "Derrière", "Le Haut de", "Le Bas de", "La Mare", "La Croix", "Le Val"}
	placeTails = []string{"la Dame", "l'Ermite", "Bertaut", "Guillaume", "la Reine", "Colas", "Jeannin", "Saint-Jean", "la Vigne", "l'Abbé", "Robin", "Mouton", "la Pie", "Renard", "la Grange", "Perrot", "la Louve", "Chanteloup", "Thiébaut", "la Borne", "Fleury", "Vaudrin", "l'Orme", "la Tuilerie"}
	placeEnds  = []string{"Nord", "Sud", "le Haut", "le Bas", "le Grand", "le Petit"}
)
